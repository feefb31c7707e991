import { Bell } from "lucide-react";
import { lazy, useState } from "react";
import { Button } from "#ui/button.tsx";
import { Modal } from "#ui/modal.tsx";
import { useInbox } from "./use-inbox.ts";

const InboxPanel = lazy(() =>
  import("./inbox-panel.tsx").then((module) => ({ default: module.InboxPanel })),
);

/** How much is new for this person, and what opens their inbox. */
export function InboxBell() {
  const [open, setOpen] = useState(false);
  const unseen = useInbox()?.unseen ?? 0;
  const name = unseen === 0 ? "Inbox" : `Inbox, ${unseen} new`;
  const trigger = (
    <Button look="quiet" size="icon" aria-label={name} title={name} className="relative">
      <Bell className="size-4" />
      {unseen > 0 && (
        <span
          data-unseen={unseen}
          className="absolute -top-0.5 -right-0.5 min-w-4 rounded-full bg-red px-1 text-center text-[0.625rem] leading-4 font-semibold text-on-ink tabular-nums"
        >
          {unseen < 100 ? unseen : "99+"}
        </span>
      )}
    </Button>
  );
  return (
    <Modal title="Inbox" trigger={trigger} open={open} onOpenChange={setOpen}>
      <InboxPanel onDone={() => setOpen(false)} />
    </Modal>
  );
}
