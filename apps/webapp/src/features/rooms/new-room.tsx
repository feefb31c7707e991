import { Popover } from "@base-ui/react/popover";
import { Plus } from "lucide-react";
import { Command } from "#ui/command.tsx";

/** Rooms are made at the command line for now; this says how. */
export function NewRoom() {
  return (
    <Popover.Root>
      <Popover.Trigger
        aria-label="How to make a room"
        className="flex size-7 items-center justify-center rounded-md text-ink-faint hover:bg-sunken hover:text-ink"
      >
        <Plus className="size-4" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner side="bottom" align="start" sideOffset={6} className="z-40">
          <Popover.Popup className="w-[19rem] rounded-lg border border-line-strong bg-raised p-3.5 text-sm text-ink-soft shadow-lg outline-none">
            <Popover.Title className="mb-1 font-medium text-ink">A new room</Popover.Title>
            <Popover.Description className="mb-2.5">
              Make it in a terminal. With <code className="font-mono text-xs">--repo</code> and{" "}
              <code className="font-mono text-xs">--harness</code> its whole team starts too.
            </Popover.Description>
            <Command>muster room create docks --team planner,builder</Command>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
