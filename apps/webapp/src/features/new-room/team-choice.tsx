import { Choice, ChoiceGroup } from "#ui/choice.tsx";
import { TEAMS } from "./request.ts";
import type { Team } from "./request.ts";

/** Who sits in the room at first; roles can be added later. */
export function TeamChoice({ value, onChange }: { value: Team; onChange: (team: Team) => void }) {
  return (
    <ChoiceGroup label="Team">
      {(Object.keys(TEAMS) as Team[]).map((team) => (
        <Choice
          key={team}
          name="team"
          value={team}
          checked={team === value}
          onChange={() => onChange(team)}
          label={TEAMS[team].label}
          note={TEAMS[team].note}
        />
      ))}
    </ChoiceGroup>
  );
}
