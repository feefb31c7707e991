import { clsx } from "clsx";

/** Two letters in a square: filled for people, outlined for agents. */
export function Monogram({ name, person }: { name: string; person: boolean }) {
  return (
    <span
      aria-hidden="true"
      className={clsx(
        "flex size-7 shrink-0 items-center justify-center rounded-md text-2xs font-semibold uppercase select-none",
        person ? "bg-ink text-on-ink" : "border border-line-strong bg-raised text-ink-soft",
      )}
    >
      {name.slice(0, 2)}
    </span>
  );
}
