import { Select } from "@base-ui/react/select";
import { Check, ChevronsUpDown } from "lucide-react";
import type { Seat } from "#lib/backend.ts";
import { StatusDot } from "#ui/status.tsx";
import { statusOf } from "./wake.ts";

/** Which role the message is for. */
export function TargetPicker({
  team,
  value,
  entryRole,
  onChange,
}: {
  team: readonly Seat[];
  value: string;
  entryRole: string;
  onChange: (role: string) => void;
}) {
  const chosen = team.find((seat) => seat.role === value);
  return (
    <Select.Root
      value={value}
      onValueChange={(role) => {
        if (role !== null) onChange(role);
      }}
    >
      <Select.Trigger
        aria-label="Send to"
        className="flex h-8 max-w-48 items-center gap-1.5 rounded-md border border-line-strong bg-raised px-2 text-sm font-medium hover:border-control-line"
      >
        <span className="text-ink-faint">to</span>
        {chosen !== undefined && <StatusDot look={statusOf(chosen)} />}
        <Select.Value className="truncate" />
        <ChevronsUpDown className="size-3.5 shrink-0 text-ink-faint" aria-hidden="true" />
      </Select.Trigger>
      <Select.Portal>
        <Select.Positioner
          side="top"
          align="start"
          sideOffset={6}
          alignItemWithTrigger={false}
          className="z-40 outline-none"
        >
          <Select.Popup className="min-w-56 rounded-lg border border-line-strong bg-raised p-1 text-sm shadow-lg outline-none">
            <Select.List>
              {team.map((seat) => (
                <Select.Item
                  key={seat.role}
                  value={seat.role}
                  className="grid cursor-default grid-cols-[1rem_1fr_auto] items-center gap-2 rounded-md px-2 py-1.5 outline-none select-none data-highlighted:bg-sunken"
                >
                  <StatusDot look={statusOf(seat)} className="justify-self-center" />
                  <span className="flex items-baseline gap-2">
                    <Select.ItemText>{seat.role}</Select.ItemText>
                    <span className="text-xs text-ink-faint">
                      {statusOf(seat).label.toLowerCase()}
                      {seat.role === entryRole && " · entry"}
                    </span>
                  </span>
                  <Select.ItemIndicator>
                    <Check className="size-3.5" />
                  </Select.ItemIndicator>
                </Select.Item>
              ))}
            </Select.List>
          </Select.Popup>
        </Select.Positioner>
      </Select.Portal>
    </Select.Root>
  );
}
