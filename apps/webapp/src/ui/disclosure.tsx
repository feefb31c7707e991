import { Collapsible } from "@base-ui/react/collapsible";
import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";

/** A line that opens to show more; what is inside exists only while it is open. */
export function Disclosure({ label, children }: { label: ReactNode; children: ReactNode }) {
  return (
    <Collapsible.Root>
      <Collapsible.Trigger className="group -mx-1 flex max-w-full items-center gap-1 rounded px-1 text-xs text-ink-soft hover:text-ink">
        <ChevronRight className="size-3 shrink-0 transition-transform group-data-panel-open:rotate-90" />
        <span className="truncate">{label}</span>
      </Collapsible.Trigger>
      <Collapsible.Panel className="mt-1.5">{children}</Collapsible.Panel>
    </Collapsible.Root>
  );
}
