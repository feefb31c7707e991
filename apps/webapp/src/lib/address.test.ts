import { expect, test } from "vitest";
import { addressOf, placeIn, takeCode } from "#lib/address.ts";

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
  expect(placeIn(location.hash)).toEqual({ room: "harbor", beside: null });
  expect(takeCode()).toBeNull();
});

test.each(["/", "/#", "/#/", "/#code=x", "/#/%E0%A4%A"])("%s names no room", (address) => {
  open(address);
  expect(placeIn(location.hash)).toBeNull();
});

test("what is open beside the messages is part of the address, so that reload and back keep it", () => {
  const beside = { kind: "task", id: "k/1" } as const;
  expect(placeIn(addressOf("harbor", beside))).toEqual({ room: "harbor", beside });
});

test.each(["", "morning round"])(
  "the schedules of a room, or one of them, have an address",
  (id) => {
    const beside = { kind: "schedules", id } as const;
    expect(placeIn(addressOf("harbor", beside))).toEqual({ room: "harbor", beside });
  },
);

test.each(["#/harbor/agent", "#/harbor/task"])(
  "%s names nobody, so it leads to its room",
  (hash) => {
    expect(placeIn(hash)).toEqual({ room: "harbor", beside: null });
  },
);

test("an address that opens something unknown still leads to its room", () => {
  expect(placeIn("#/harbor/task/%E0%A4%A")).toEqual({ room: "harbor", beside: null });
});
