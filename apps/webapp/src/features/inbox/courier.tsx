import { isNew, useInbox, useInboxActions } from "./use-inbox.ts";
import { Toasts } from "./toasts.tsx";
import { useCourier } from "./use-courier.ts";

/** Brings news to whoever looks at this tab, and shows what came to it for a while, or until it was seen anywhere. */
export function Courier() {
  const { onPage, passed } = useCourier();
  const items = useInbox()?.items ?? [];
  const { seen } = useInboxActions();
  const shown = items.filter((delivery) => onPage.has(delivery._id) && isNew(delivery));
  return <Toasts shown={shown} onSeen={seen} onPassed={passed} />;
}
