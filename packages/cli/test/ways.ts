/** Which way something crosses a link: to the backend, or back from it. */
export type Way = "there" | "back";

/** The only line between a backend and another computer. What does not cross it vanishes: nobody hears a refusal. */
export interface Link extends AsyncDisposable {
  /** Where the other computer finds the backend. */
  readonly url: string;
  /** What each process of the other computer is started with. */
  readonly under: readonly string[];
  /** Nothing crosses these ways any more. */
  cut(...ways: readonly Way[]): void;
  mend(): void;
}
