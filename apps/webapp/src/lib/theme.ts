import { useSyncExternalStore } from "react";
import { stored } from "./stored.ts";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** The person's choice; `system` follows the operating system. */
const kept = stored("muster.theme", themeOf);

/** Shows the page in the chosen colours, from now on whichever tab chooses, until the returned function is called. */
export function followTheme(): () => void {
  showTheme();
  return kept.subscribe(showTheme);
}

export function chooseTheme(theme: Theme): void {
  kept.write(theme === "system" ? null : theme);
}

export function useTheme(): Theme {
  return useSyncExternalStore(kept.subscribe, kept.read);
}

function showTheme(): void {
  const theme = kept.read();
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}

function themeOf(text: string | null): Theme {
  return THEMES.find((theme) => theme === text) ?? "system";
}
