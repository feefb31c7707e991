import { expect, test } from "vitest";
import { addressOf, roomInAddress, takeCode } from "#lib/address.ts";

function open(address: string): void {
  history.replaceState(null, "", address);
}

test("a sign-in code leaves the address bar the moment it is taken, and is handed over once", () => {
  open("/#code=abc.def");
  expect(takeCode()).toBe("abc.def");
  expect(location.href).toBe(`${location.origin}/`);
  expect(takeCode()).toBeNull();
});

test("a room's address leads to the room and holds no code", () => {
  open(`/${addressOf("harbor")}`);
  expect(roomInAddress()).toBe("harbor");
  expect(takeCode()).toBeNull();
});

test.each(["/", "/#", "/#/", "/#code=x", "/#/%E0%A4%A"])("%s names no room", (address) => {
  open(address);
  expect(roomInAddress()).toBeNull();
});
