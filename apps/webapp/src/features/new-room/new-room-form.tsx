import { useMutation, useQuery } from "convex/react";
import { useState } from "react";
import { addressOf } from "#lib/address.ts";
import { api } from "#lib/backend.ts";
import { sentenceOf } from "#lib/refusal.ts";
import { Command } from "#ui/command.tsx";
import type { Request } from "./request.ts";
import { RoomForm } from "./room-form.tsx";

/** Asks which machines there are, opens the room there and goes into it. */
export function NewRoomForm({ onDone }: { onDone: () => void }) {
  const machines = useQuery(api.machines.list, {})?.items;
  const create = useMutation(api.rooms.create);
  /** The same request sent again, because its answer was lost, opens one room. */
  const [key] = useState(() => crypto.randomUUID());
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const submit = async ({ team, ...request }: Request) => {
    setBusy(true);
    setProblem(null);
    try {
      const { name } = await create({ ...request, team: [...team], key });
      location.hash = addressOf(name);
      onDone();
    } catch (error) {
      setProblem(sentenceOf(error));
    } finally {
      setBusy(false);
    }
  };

  if (machines === undefined)
    return <p className="p-5 text-sm text-ink-faint">Looking for machines…</p>;
  if (machines.length === 0) return <NoMachine />;
  return (
    <RoomForm
      machines={machines}
      busy={busy}
      problem={problem}
      onSubmit={(request) => void submit(request)}
    />
  );
}

function NoMachine() {
  return (
    <div className="space-y-2 p-5 text-sm text-ink-soft">
      <p className="font-medium text-ink">No machine is known yet</p>
      <p>Agents run on a machine that has Muster&apos;s daemon. On that machine:</p>
      <Command>muster machine daemon start</Command>
    </div>
  );
}
