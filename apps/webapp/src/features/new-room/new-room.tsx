import { lazy, useState } from "react";
import type { ReactElement } from "react";
import { Modal } from "#ui/modal.tsx";

const NewRoomForm = lazy(() =>
  import("./new-room-form.tsx").then((module) => ({ default: module.NewRoomForm })),
);

/** Opens the form for a new room; `trigger` is the button that does. */
export function NewRoom({ trigger }: { trigger: ReactElement }) {
  const [open, setOpen] = useState(false);
  return (
    <Modal title="New room" trigger={trigger} open={open} onOpenChange={setOpen}>
      <NewRoomForm onDone={() => setOpen(false)} />
    </Modal>
  );
}
