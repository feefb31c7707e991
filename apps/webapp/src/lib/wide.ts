import { useSyncExternalStore } from "react";

/** The same width as the `wide` breakpoint of the styles. */
const query = "(min-width: 68rem)";

/** Whether there is room for messages, agents and tasks side by side. */
export function useWide(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = matchMedia(query);
      media.addEventListener("change", listener);
      return () => media.removeEventListener("change", listener);
    },
    () => matchMedia(query).matches,
  );
}
