import { fireEvent, render, screen } from "@testing-library/react";
import { ConvexProvider, ConvexReactClient } from "convex/react";
import { afterAll, expect, test, vi } from "vitest";
import type { Room } from "#lib/backend.ts";
import { harbor } from "../../test/cast.ts";
import { withinReach } from "./archived-line.tsx";
import { RoomHeader } from "./room-header.tsx";

const client = new ConvexReactClient("http://127.0.0.1:1", { logger: false });
const mutation = vi.spyOn(client, "mutation").mockResolvedValue({ archivedAt: 0 });
afterAll(async () => await client.close());

const show = (room: Room) =>
  render(
    <ConvexProvider client={client}>
      <RoomHeader room={room} team={undefined} nav={null} schedules={null} />
    </ConvexProvider>,
  );

test("a room is archived only after a person has read what that means", async () => {
  show(harbor);
  fireEvent.click(screen.getByRole("button", { name: "Archive harbor" }));
  expect(await screen.findByText(/Its agents are stopped/)).toBeTruthy();
  expect(mutation).not.toHaveBeenCalled();
  fireEvent.click(screen.getByRole("button", { name: "Archive" }));
  await vi.waitFor(() => expect(mutation.mock.lastCall?.[1]).toEqual({ room: harbor._id }));
});

test("an archived room says so, offers the way back, and nothing else may be done in it", () => {
  const archived = { ...harbor, archivedAt: Date.now(), archivedBy: "linus" };
  show(archived);
  expect(screen.getByRole("status").textContent).toMatch(
    /^This room was archived by linus .* ago: it can/,
  );
  expect(screen.getByRole("button", { name: "Open it again" })).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Archive harbor" })).toBeNull();
  expect(withinReach(archived).rights).toEqual([]);
});

test("who may not manage a room is offered neither", () => {
  const { rerender, container } = show({ ...harbor, rights: ["send"] });
  expect(screen.queryByRole("button")).toBeNull();
  rerender(
    <ConvexProvider client={client}>
      <RoomHeader
        room={{ ...harbor, rights: ["send"], archivedAt: 0 }}
        team={undefined}
        nav={null}
        schedules={null}
      />
    </ConvexProvider>,
  );
  expect(container.textContent).toContain("This room was archived");
  expect(screen.queryByRole("button")).toBeNull();
});
