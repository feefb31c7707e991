import type { Harness, Machine } from "#lib/backend.ts";
import { plainLine } from "#lib/plain.ts";
import { Command } from "#ui/command.tsx";
import { Choice, ChoiceGroup } from "#ui/choice.tsx";
import { inOrder } from "./request.ts";

/** The programs of a machine; what is missing or too old is there too, with the command that mends it. */
export function HarnessChoice({
  machine,
  value,
  onChange,
}: {
  machine: Machine;
  value: string | null;
  onChange: (harness: string) => void;
}) {
  return (
    <ChoiceGroup label="Agent program">
      {!machine.daemonConnected && (
        <div className="space-y-1.5 py-1 text-xs text-amber">
          <p>{machine.name} is not connected, so nothing can be started on it. On that machine:</p>
          <Command>muster machine daemon start</Command>
        </div>
      )}
      {inOrder(machine.harnesses).map((harness) => (
        <Choice
          key={harness.name}
          name="harness"
          value={harness.name}
          checked={harness.name === value}
          disabled={harness.problem !== undefined}
          onChange={onChange}
          label={labelOf(harness)}
          note={noteOf(harness)}
        >
          {harness.problem !== undefined && <Command>{plainLine(harness.problem.command)}</Command>}
        </Choice>
      ))}
    </ChoiceGroup>
  );
}

function labelOf({ name, version, problem }: Harness): string {
  return name === "demo" || problem !== undefined || version === "unknown"
    ? name
    : `${name} ${version}`;
}

function noteOf({ name, problem }: Harness): string {
  if (problem !== undefined) return `${plainLine(problem.message)}. To mend it:`;
  return name === "demo" ? "scripted, needs no model: to try Muster out" : "found on this machine";
}
