import { useId } from "react";
import type { ReactNode } from "react";

const BOX =
  "rounded-md border border-control-line bg-raised px-2.5 text-ink placeholder:text-ink-faint aria-invalid:border-red";

/** What the input in a field is given. */
export interface InputProps {
  readonly id: string;
  readonly className: string;
  readonly autoComplete: "off";
  readonly spellCheck: false;
  readonly autoCapitalize: "none";
  readonly "aria-invalid": boolean;
  readonly "aria-describedby": string;
}

/** One input with its name above and what is wrong with it below. */
export function Field({
  label,
  problem = null,
  note,
  mono = false,
  children,
}: {
  label: string;
  problem?: string | null;
  /** What a person should know before they fill it in. */
  note?: ReactNode;
  mono?: boolean;
  children: (input: InputProps) => ReactNode;
}) {
  const id = useId();
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block text-xs font-medium text-ink-soft">
        {label}
      </label>
      {children({
        id,
        autoComplete: "off",
        spellCheck: false,
        autoCapitalize: "none",
        "aria-invalid": problem !== null,
        "aria-describedby": `${id}-note ${id}-problem`,
        className: `h-9 w-full ${BOX} ${mono ? "font-mono text-sm" : "text-base"}`,
      })}
      {note !== undefined && (
        <p id={`${id}-note`} className="mt-1 text-xs wrap-anywhere text-ink-faint">
          {note}
        </p>
      )}
      <p id={`${id}-problem`} role="alert" className="mt-1 text-xs text-red empty:hidden">
        {problem}
      </p>
    </div>
  );
}

/** Why a form was refused. */
export function Problem({ children }: { children: string | null }) {
  if (children === null) return null;
  return (
    <p role="alert" className="rounded-md bg-red-wash px-3 py-2 text-sm text-red">
      {children}
    </p>
  );
}
