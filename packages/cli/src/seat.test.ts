import { chmod, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { ensurePrivateDir } from "./home.ts";
import { identityOf } from "./process-identity.ts";
import {
  freed,
  hasOtherWaiter,
  holding,
  readSeat,
  seatFile,
  writeSeat,
  type Seat,
} from "./seat.ts";
import { temporaryHome } from "./temporary-home.fixture.ts";

const url = "http://127.0.0.1:3210";
const linus: Seat = {
  roomId: "j57harbor",
  roomName: "harbor",
  role: "builder",
  holderId: "linus",
  epoch: 3,
};

test("a seat is found by the room's id and by its name", async () => {
  const home = await temporaryHome();
  await writeSeat(home, url, holding(linus, "task", "token"));
  const held = { ...linus, taskId: "task", token: "token" };
  expect(await readSeat(home, url, "j57harbor", "builder")).toEqual(held);
  expect(await readSeat(home, url, "harbor", "builder")).toEqual(held);
  expect(freed(held)).toEqual(linus);
});

test("seats of another backend, role or room are not found", async () => {
  const home = await temporaryHome();
  await writeSeat(home, url, linus);
  expect(await readSeat(home, "http://127.0.0.1:3999", "harbor", "builder")).toBeNull();
  expect(await readSeat(home, url, "harbor", "planner")).toBeNull();
  expect(await readSeat(home, url, "dock", "builder")).toBeNull();
});

test("two rooms of one name must be told apart by id", async () => {
  const home = await temporaryHome();
  await writeSeat(home, url, linus);
  await writeSeat(home, url, { ...linus, roomId: "j57other" });
  await expect(readSeat(home, url, "harbor", "builder")).rejects.toMatchObject({
    kind: "conflict",
    message: "More than one room is called harbor.",
  });
});

test("a room or role cannot lead out of the directory of seats", async () => {
  const home = await temporaryHome();
  const file = seatFile(home, url, "../../../etc", "../x");
  expect(dirname(file)).toBe(dirname(seatFile(home, url, "harbor", "builder")));
});

test.each(["not json", "{}", '{"roomId":"a","roomName":"harbor","role":"builder","epoch":"3"}'])(
  "the seat file %j is refused by name, and how to go on",
  async (text) => {
    const home = await temporaryHome();
    const file = seatFile(home, url, linus.roomId, linus.role);
    await ensurePrivateDir(dirname(file));
    await writeFile(file, text, { mode: 0o600 });
    await expect(readSeat(home, url, linus.roomId, linus.role)).rejects.toMatchObject({
      exit: 2,
      message: expect.stringContaining(file) as string,
    });
  },
);

test("a seat file that others may read is refused", async () => {
  const home = await temporaryHome();
  await writeSeat(home, url, linus);
  await chmod(seatFile(home, url, linus.roomId, linus.role), 0o644);
  await expect(readSeat(home, url, linus.roomId, linus.role)).rejects.toMatchObject({ exit: 5 });
});

test("only another living process counts as the seat's waiter", async () => {
  const parent = await identityOf(process.ppid);
  const self = await identityOf(process.pid);
  if (parent === null || self === null) throw new Error("no process identities here");
  expect(await hasOtherWaiter(linus)).toBe(false);
  expect(await hasOtherWaiter({ ...linus, waiter: self })).toBe(false);
  expect(await hasOtherWaiter({ ...linus, waiter: parent })).toBe(true);
  expect(await hasOtherWaiter({ ...linus, waiter: { ...parent, startTime: "earlier" } })).toBe(
    false,
  );
});
