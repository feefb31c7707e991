import { useState } from "react";
import { Button } from "#ui/button.tsx";
import { notifications } from "./show.ts";

const STATES = {
  granted: "While this page is in the background, news is a notification of your browser.",
  denied:
    "Your browser was told not to show notifications of this page; allow them in its settings.",
  default: "News can also be a notification of your browser while this page is in the background.",
  unsupported: "Your browser has no notifications; news waits here.",
} as const satisfies Record<ReturnType<typeof notifications>, string>;

/** Whether the browser may show news outside the page; it asks the person itself. */
export function NotificationSwitch() {
  const [state, setState] = useState(notifications);
  const ask = () => {
    void Notification.requestPermission().then(setState, () => setState(notifications()));
  };
  return (
    <div className="pl-11 text-xs text-ink-soft">
      <p>{STATES[state]}</p>
      {state === "default" && (
        <Button size="small" className="mt-1.5" onClick={ask}>
          Allow notifications
        </Button>
      )}
    </div>
  );
}
