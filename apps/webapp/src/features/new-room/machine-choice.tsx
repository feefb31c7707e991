import type { Machine } from "#lib/backend.ts";
import { Choice, ChoiceGroup } from "#ui/choice.tsx";

/** Where the agents run. */
export function MachineChoice({
  machines,
  value,
  onChange,
}: {
  machines: readonly Machine[];
  value: Machine["_id"];
  onChange: (machineId: Machine["_id"]) => void;
}) {
  return (
    <ChoiceGroup label="Machine">
      {machines.map((machine) => (
        <Choice
          key={machine._id}
          name="machine"
          value={machine._id}
          checked={machine._id === value}
          onChange={() => onChange(machine._id)}
          label={machine.name}
          note={machine.daemonConnected ? machine.os : `${machine.os}, not connected`}
        />
      ))}
    </ChoiceGroup>
  );
}
