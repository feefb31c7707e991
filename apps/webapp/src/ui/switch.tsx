import { useId } from "react";
import type { ReactNode } from "react";

/** On or off, at once; `children` says what it means. */
export function Switch({
  label,
  checked,
  disabled = false,
  onChange,
  children,
}: {
  label: string;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
  children?: ReactNode;
}) {
  const id = useId();
  return (
    <div className="flex items-start gap-3">
      <input
        id={id}
        type="checkbox"
        role="switch"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
        aria-describedby={`${id}-note`}
        className="relative mt-0.5 h-[1.125rem] w-8 shrink-0 cursor-pointer appearance-none rounded-full border border-control-line bg-sunken transition-colors before:absolute before:top-[2px] before:left-[2px] before:size-3 before:rounded-full before:bg-control-line before:transition-transform checked:border-ink checked:bg-ink checked:before:translate-x-[0.875rem] checked:before:bg-on-ink disabled:cursor-not-allowed disabled:opacity-50"
      />
      <div className="min-w-0">
        <label htmlFor={id} className="text-sm font-medium text-ink">
          {label}
        </label>
        <p id={`${id}-note`} className="mt-0.5 text-xs text-ink-soft empty:hidden">
          {children}
        </p>
      </div>
    </div>
  );
}
