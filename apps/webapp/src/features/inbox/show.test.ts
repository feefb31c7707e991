import { afterEach, expect, test, vi } from "vitest";
import { show } from "./show.ts";

const news = { deliveryId: "d1", title: "builder in\nharbor", text: "The pier is loose." };

/** What the browser was asked to show, and a way to follow it. */
function browser(permission: NotificationPermission, visibility: DocumentVisibilityState) {
  const shown: { title: string; options: NotificationOptions; follow: () => void }[] = [];
  class Fake extends EventTarget {
    static permission = permission;
    close = vi.fn<() => void>();
    constructor(title: string, options: NotificationOptions) {
      super();
      shown.push({ title, options, follow: () => this.dispatchEvent(new Event("click")) });
    }
  }
  vi.stubGlobal("Notification", Fake);
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(visibility);
  return shown;
}
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("in the background, where the browser may, news is its notification and leads to the room", () => {
  const shown = browser("granted", "hidden");
  const onOpen = vi.fn<() => void>();
  expect(show(news, onOpen)).toBe("notification");
  expect(shown[0]).toMatchObject({
    title: "builder in harbor",
    options: { body: "The pier is loose.", tag: "d1" },
  });
  shown[0]?.follow();
  expect(onOpen).toHaveBeenCalledOnce();
});

test.each([
  ["granted", "visible"],
  ["default", "hidden"],
  ["denied", "hidden"],
] as const)("with the right %s and the page %s, the page itself shows it", (permission, seen) => {
  const shown = browser(permission, seen);
  expect(show(news, () => {})).toBe("page");
  expect(shown).toEqual([]);
});
