import { plain, plainLine } from "#lib/plain.ts";

/** News as its carrier got it. */
export interface News {
  readonly deliveryId: string;
  readonly title: string;
  readonly text: string;
}

/** How news was shown, as the receipt says it. */
export type Shown = "notification" | "page";

/** What the browser lets this page do outside itself. */
export function notifications(): NotificationPermission | "unsupported" {
  return "Notification" in globalThis ? Notification.permission : "unsupported";
}

/**
 * Shows news outside the page if nobody looks at it and the browser lets us; otherwise the page itself shows
 * it. `onOpen` is called when a person follows the notification. Throws when the browser refuses it.
 */
export function show(news: News, onOpen: () => void): Shown {
  if (document.visibilityState === "visible" || notifications() !== "granted") return "page";
  // The tag keeps a second attempt from standing beside the first.
  const shown = new Notification(plainLine(news.title), {
    body: plain(news.text),
    tag: news.deliveryId,
  });
  shown.addEventListener("click", () => {
    window.focus();
    onOpen();
    shown.close();
  });
  return "notification";
}
