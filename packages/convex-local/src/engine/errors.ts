/** Why an engine refuses to start, or to take over new functions. Each is one clear sentence for a person. */
export type EngineErrorKind =
  | "functions_broken"
  | "schema_violated"
  | "data_held"
  | "database_newer"
  | "database_missing"
  | "database_unreadable"
  | "target_exists";

export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly kind: EngineErrorKind;
  /** `file:line:column`, when the fault has a place in the functions folder. */
  readonly place: string | undefined;
  /** The process that holds the data directory (`data_held`). */
  readonly pid: number | undefined;

  constructor(
    kind: EngineErrorKind,
    message: string,
    details: { place?: string; pid?: number; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.kind = kind;
    this.place = details.place;
    this.pid = details.pid;
  }
}
