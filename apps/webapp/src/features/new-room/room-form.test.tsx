import type { Id } from "@muster/backend/dataModel";
import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { Machine } from "#lib/backend.ts";
import { RoomForm } from "./room-form.tsx";
import type { RoomFormProps } from "./room-form.tsx";

const mini: Machine = {
  _id: "mini-id" as Id<"machines">,
  name: "mini",
  os: "linux",
  daemonConnected: true,
  since: 0,
  harnesses: [
    { name: "demo", version: "1" },
    { name: "opencode", version: "1.18.5" },
    {
      name: "claude",
      version: "none",
      problem: {
        message: "claude is not installed on this machine",
        command: "npm install --global claude",
      },
    },
  ],
};

function show(props: Partial<RoomFormProps> = {}) {
  const onSubmit = vi.fn<RoomFormProps["onSubmit"]>();
  render(<RoomForm machines={[mini]} busy={false} problem={null} onSubmit={onSubmit} {...props} />);
  return onSubmit;
}

const path = () => screen.getByLabelText("Repository on mini");
const radio = (name: RegExp) => screen.getByRole<HTMLInputElement>("radio", { name });
const open = () =>
  fireEvent.click(screen.getByRole("button", { name: "Open the room and start the team" }));

test("a path is all that has to be typed: the name follows it, program and team are chosen", () => {
  const onSubmit = show();
  fireEvent.change(path(), { target: { value: "/home/ada/code/Harbor" } });
  open();
  expect(onSubmit).toHaveBeenCalledWith({
    name: "harbor",
    repo: "/home/ada/code/Harbor",
    team: ["planner", "builder"],
    machineId: "mini-id",
    harness: "opencode",
  });
});

test("a name that was typed stays when the path changes", () => {
  const onSubmit = show();
  fireEvent.change(screen.getByLabelText("Name of the room"), { target: { value: "docks" } });
  fireEvent.change(path(), { target: { value: "/srv/harbor" } });
  fireEvent.click(radio(/builder only/u));
  open();
  expect(onSubmit.mock.calls[0]?.[0]).toMatchObject({ name: "docks", team: ["builder"] });
});

test("what the machine has is said with its version, and what it lacks with the command that mends it", () => {
  show();
  expect(radio(/opencode 1\.18\.5 ?found on this machine/u).checked).toBe(true);
  expect(radio(/claude ?claude is not installed/u).disabled).toBe(true);
  expect(screen.getByText("npm install --global claude")).toBeTruthy();
});

test("a path that no machine can open is refused before anything is sent", () => {
  const onSubmit = show();
  fireEvent.change(path(), { target: { value: "~/harbor" } });
  open();
  expect(onSubmit).not.toHaveBeenCalled();
  expect(screen.getByText("Give the whole path, from the root of the disk.")).toBeTruthy();
});

test("a refusal of the backend stands in the form", () => {
  show({ problem: 'You have a room "harbor" already.' });
  expect(screen.getByText('You have a room "harbor" already.').getAttribute("role")).toBe("alert");
});

test("the same can be done by a command, which follows what is chosen", () => {
  show();
  fireEvent.change(path(), { target: { value: "/srv/harbor" } });
  expect(
    screen.getByText(
      "muster room create harbor --repo /srv/harbor --harness opencode --team planner,builder",
    ),
  ).toBeTruthy();
});

test("on a machine that is not connected nothing can be opened, and it says how to connect it", () => {
  show({ machines: [{ ...mini, daemonConnected: false }] });
  expect(screen.getByText("muster machine daemon start")).toBeTruthy();
  expect(screen.getByRole<HTMLButtonElement>("button", { name: /Open the room/u }).disabled).toBe(
    true,
  );
});

test("with several machines a person says which, and in whose terminal the command runs", () => {
  const maxi = {
    ...mini,
    _id: "maxi-id" as Id<"machines">,
    name: "maxi",
    harnesses: [{ name: "demo", version: "1" }],
  };
  const onSubmit = show({ machines: [mini, maxi] });
  fireEvent.click(radio(/maxi/u));
  fireEvent.change(screen.getByLabelText("Repository on maxi"), {
    target: { value: "/srv/harbor" },
  });
  open();
  expect(onSubmit.mock.calls[0]?.[0]).toMatchObject({ machineId: "maxi-id", harness: "demo" });
  expect(screen.getByText("The same in a terminal on maxi")).toBeTruthy();
});
