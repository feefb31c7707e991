import { clsx } from "clsx";
import type { ReactNode } from "react";

export function ChoiceGroup({ label, children }: { label: string; children: ReactNode }) {
  return (
    <fieldset>
      <legend className="mb-1 text-xs font-medium text-ink-soft">{label}</legend>
      <div className="divide-y divide-line rounded-md border border-line bg-raised px-3 py-1">
        {children}
      </div>
    </fieldset>
  );
}

/** One of several; `children` is what a person needs while it cannot be chosen. */
export function Choice({
  name,
  value,
  checked,
  disabled = false,
  label,
  note,
  onChange,
  children,
}: {
  name: string;
  value: string;
  checked: boolean;
  disabled?: boolean;
  label: string;
  note: string;
  onChange: (value: string) => void;
  children?: ReactNode;
}) {
  return (
    <div className="py-1.5" data-choice={value}>
      <label
        className={clsx(
          "flex items-baseline gap-2.5",
          disabled ? "cursor-not-allowed" : "cursor-pointer",
        )}
      >
        <input
          type="radio"
          name={name}
          value={value}
          checked={checked}
          disabled={disabled}
          onChange={() => onChange(value)}
          className="size-3.5 shrink-0 translate-y-0.5 accent-ink"
        />
        <span
          className={clsx("shrink-0 text-sm", disabled ? "text-ink-soft" : "font-medium text-ink")}
        >
          {label}
        </span>
        <span className="text-xs wrap-anywhere text-ink-faint">{note}</span>
      </label>
      {children !== undefined && children !== false && (
        <div className="mt-1.5 pl-6">{children}</div>
      )}
    </div>
  );
}
