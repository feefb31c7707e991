import { useState } from "react";
import type { FormEvent } from "react";
import type { Machine } from "#lib/backend.ts";
import { Button } from "#ui/button.tsx";
import { Command } from "#ui/command.tsx";
import { Field, Problem } from "#ui/field.tsx";
import { HarnessChoice } from "./harness-choice.tsx";
import { MachineChoice } from "./machine-choice.tsx";
import { TEAMS, commandOf, likely, nameFrom, nameProblem, pathProblem } from "./request.ts";
import type { Request, Team } from "./request.ts";
import { TeamChoice } from "./team-choice.tsx";

export interface RoomFormProps {
  machines: readonly Machine[];
  busy: boolean;
  /** Why the backend refused, in a sentence. */
  problem: string | null;
  onSubmit: (request: Request) => void;
}

/** A repository, a program and a team: everything that a room needs to be at work. */
export function RoomForm({ machines, busy, problem, onSubmit }: RoomFormProps) {
  const [machineId, setMachineId] = useState(() => preferred(machines)?._id);
  const [repo, setRepo] = useState("");
  const [named, setNamed] = useState<string | null>(null);
  const [team, setTeam] = useState<Team>("pair");
  const [chosen, setChosen] = useState<string | null>(null);
  const [tried, setTried] = useState(false);

  const machine = machines.find(({ _id }) => _id === machineId) ?? machines[0];
  if (machine === undefined) return null;
  const usable = machine.harnesses.some(
    ({ name, problem: no }) => name === chosen && no === undefined,
  );
  const harness = usable ? chosen : likely(machine);
  const name = named ?? nameFrom(repo);
  const path = repo.trim();
  const wrong = { path: pathProblem(path), name: nameProblem(name) };
  const request =
    harness === null
      ? null
      : { name, repo: path, team: TEAMS[team].roles, machineId: machine._id, harness };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (busy || request === null || wrong.path !== null || wrong.name !== null) return;
    onSubmit(request);
  };

  return (
    <form onSubmit={submit} noValidate className="space-y-4 px-5 py-4">
      {machines.length > 1 && (
        <MachineChoice machines={machines} value={machine._id} onChange={setMachineId} />
      )}
      <Field label={`Repository on ${machine.name}`} problem={tried ? wrong.path : null} mono>
        {(input) => (
          <input
            {...input}
            value={repo}
            onChange={(event) => setRepo(event.target.value)}
            placeholder="/home/ada/code/harbor"
            name="repo"
            autoFocus
          />
        )}
      </Field>
      <Field label="Name of the room" problem={tried && wrong.path === null ? wrong.name : null}>
        {(input) => (
          <input
            {...input}
            value={name}
            onChange={(event) => setNamed(event.target.value)}
            placeholder="harbor"
            name="name"
          />
        )}
      </Field>
      <HarnessChoice machine={machine} value={harness} onChange={setChosen} />
      <TeamChoice value={team} onChange={setTeam} />
      <Problem>{problem}</Problem>
      <div className="flex items-center gap-3">
        <Button
          type="submit"
          look="solid"
          disabled={busy || request === null || !machine.daemonConnected}
        >
          {busy ? "Opening…" : "Open the room and start the team"}
        </Button>
      </div>
      {request !== null && (
        <div className="border-t border-line pt-3">
          <p className="mb-1.5 text-xs text-ink-faint">The same in a terminal on {machine.name}</p>
          <Command>{commandOf(request)}</Command>
        </div>
      )}
    </form>
  );
}

/** One that can run agents now. */
function preferred(machines: readonly Machine[]): Machine | undefined {
  return machines.find(({ daemonConnected }) => daemonConnected) ?? machines[0];
}
