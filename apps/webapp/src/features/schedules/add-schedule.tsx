import { useMutation, useQuery } from "convex/react";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useAsking } from "#lib/asking.ts";
import { api } from "#lib/backend.ts";
import type { Room } from "#lib/backend.ts";
import { Button } from "#ui/button.tsx";
import { Modal } from "#ui/modal.tsx";
import type { Request } from "./request.ts";
import { ScheduleForm } from "./schedule-form.tsx";

/** The button that opens the form for a new schedule. */
export function AddSchedule({ room }: { room: Room }) {
  const [open, setOpen] = useState(false);
  const trigger = (
    <Button size="small">
      <Plus className="size-3" aria-hidden="true" /> Add a schedule
    </Button>
  );
  return (
    <Modal
      title={`New schedule in ${room.name}`}
      trigger={trigger}
      open={open}
      onOpenChange={setOpen}
    >
      <NewSchedule room={room} onDone={() => setOpen(false)} />
    </Modal>
  );
}

const NONE: readonly string[] = [];

function NewSchedule({ room, onDone }: { room: Room; onDone: () => void }) {
  const channels = useQuery(api.inbox.settings, {})?.channels ?? NONE;
  const add = useMutation(api.schedules.add);
  const { busy, problem, ask } = useAsking();
  /** The same request sent again, because its answer was lost, adds one schedule. */
  const [key] = useState(() => crypto.randomUUID());
  const submit = async (request: Request) => {
    const added = await ask(() => add({ room: room.name, ...request, key }));
    if (added !== undefined) onDone();
  };
  return (
    <ScheduleForm
      {...{ room, channels, busy, problem }}
      onSubmit={(request) => void submit(request)}
    />
  );
}
