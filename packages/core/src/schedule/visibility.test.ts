import { expect, test } from "vitest";
import { DEFAULT_VISIBILITY, showsAnything, visibilityOf } from "./visibility.ts";

test("the room's word counts before the channel's, and the channel's before the default", () => {
  expect(visibilityOf()).toEqual(DEFAULT_VISIBILITY);
  expect(visibilityOf({}, { showOk: false })).toMatchObject({ showOk: false, showAlerts: true });
  expect(visibilityOf({ showOk: true }, { showOk: false }).showOk).toBe(true);
  expect(visibilityOf({ showAlerts: false }, { showAlerts: true }).showAlerts).toBe(false);
});

test("what shows nothing at all need not run", () => {
  const nothing = { showOk: false, showAlerts: false, indicator: false };
  expect(showsAnything(visibilityOf(nothing))).toBe(false);
  expect(showsAnything(visibilityOf({ ...nothing, indicator: true }))).toBe(true);
});
