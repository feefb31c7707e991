import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { chooseTheme, followTheme } from "#lib/theme.ts";
import { ThemeSwitch } from "#ui/theme-switch.tsx";

let stop: () => void;
beforeEach(() => {
  stop = followTheme();
});
afterEach(() => {
  chooseTheme("system");
  stop();
});

const shown = () => document.documentElement.dataset["theme"];

/** What another tab writes is there before this one hears of it. */
function chosenElsewhere(theme: string | null): void {
  if (theme === null) localStorage.removeItem("muster.theme");
  else localStorage.setItem("muster.theme", theme);
  window.dispatchEvent(new StorageEvent("storage", { key: "muster.theme" }));
}

test("colours chosen in another tab are shown in this one, and its button names them", () => {
  render(<ThemeSwitch />);
  act(() => chosenElsewhere("dark"));
  expect(shown()).toBe("dark");
  screen.getByRole("button", { name: "Dark colours. Change." });
  act(() => chosenElsewhere(null));
  expect(shown()).toBeUndefined();
});

test("colours chosen in this tab are shown and kept; what nobody can choose means the system's", () => {
  chooseTheme("light");
  expect(shown()).toBe("light");
  expect(localStorage.getItem("muster.theme")).toBe("light");
  chosenElsewhere("mauve");
  expect(shown()).toBeUndefined();
});
