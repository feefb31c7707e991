import type { ReactNode } from "react";

/** Says that there is nothing here yet and what a person does about it. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="px-4 py-6 text-sm text-ink-soft">
      <p className="font-medium text-ink">{title}</p>
      {children !== undefined && <div className="mt-1.5 space-y-2">{children}</div>}
    </div>
  );
}
