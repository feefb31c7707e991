import { isNew, useInbox, useInboxActions } from "./use-inbox.ts";
import { Toasts } from "./toasts.tsx";
import { useCourier } from "./use-courier.ts";

/** Brings news to whoever looks at this tab, and shows what came to it until it was seen anywhere. */
export function Courier() {
  const onPage = useCourier();
  const items = useInbox()?.items ?? [];
  const { seen } = useInboxActions();
  const shown = items.filter((delivery) => onPage.has(delivery._id) && isNew(delivery));
  return <Toasts shown={shown} onSeen={seen} />;
}
