import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { CliError } from "./errors.ts";
import { isMissing, readPrivateJson, writePrivateJson, type Home } from "./home.ts";
import { isGone, type ProcessIdentity } from "./process-identity.ts";

/**
 * What one holder of a role knows: the fence (`epoch`, `taskId`, `token`) that every agent write carries.
 * `secret` is there only for a remote agent: the daemon writes it at each start, and it dies with the epoch.
 */
export interface Seat {
  readonly roomId: string;
  readonly roomName: string;
  readonly role: string;
  readonly holderId: string;
  readonly epoch: number;
  readonly secret?: string;
  readonly taskId?: string;
  readonly token?: string;
  /** The process that waits for work in this seat. While it lives, another waiter is another holder. */
  readonly waiter?: ProcessIdentity;
  /** The holder that a later one pushed out: it must ask to take the seat over, see `--take-over`. */
  readonly displaced?: string;
}

/** 128 random bits: two holders never share one, so the backend can tell them apart. */
export function newHolderId(): string {
  return randomBytes(16).toString("hex");
}

/** `http://127.0.0.1:3210` → `127.0.0.1_3210`: seats of different backends never meet. */
function backendFolder(url: string): string {
  return encodeURIComponent(new URL(url).host.replaceAll(":", "_"));
}

export function seatFile(home: Home, url: string, roomId: string, role: string): string {
  const name = `${encodeURIComponent(roomId)}.${encodeURIComponent(role)}.json`;
  return join(home.seats, backendFolder(url), name);
}

/** On disk before it resolves: a task is never printed before its token is safe. */
export async function writeSeat(home: Home, url: string, seat: Seat): Promise<void> {
  await writePrivateJson(seatFile(home, url, seat.roomId, seat.role), seat);
}

/**
 * The seat of `role` in `room` (a name or an id), or null if nobody has sat there from this machine.
 * Needs no network, so that an agent's command finds its seat while the backend is away.
 */
export async function readSeat(
  home: Home,
  url: string,
  room: string,
  role: string,
): Promise<Seat | null> {
  const direct = await readSeatFile(seatFile(home, url, room, role));
  if (direct !== null) return direct;
  const dir = join(home.seats, backendFolder(url));
  const names = await readdir(dir).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const suffix = `.${encodeURIComponent(role)}.json`;
  const seats = await Promise.all(
    names.filter((name) => name.endsWith(suffix)).map((name) => readSeatFile(join(dir, name))),
  );
  const found = seats.filter((seat) => seat !== null && seat.roomName === room);
  if (found.length > 1) {
    throw new CliError("conflict", `More than one room is called ${room}.`, {
      hint: "Name the room by its id: muster room list",
    });
  }
  return found[0] ?? null;
}

async function readSeatFile(file: string): Promise<Seat | null> {
  const value = await readPrivateJson(file);
  if (value === null) return null;
  const { roomId, roomName, role, holderId, epoch } = value;
  if (
    typeof roomId !== "string" ||
    typeof roomName !== "string" ||
    typeof role !== "string" ||
    typeof holderId !== "string" ||
    typeof epoch !== "number"
  ) {
    throw new CliError("unreadable_file", `${file} is not a seat file.`, {
      hint: `Move it away and wait for a task again: mv ${file} ${file}.broken`,
    });
  }
  return {
    roomId,
    roomName,
    role,
    holderId,
    epoch,
    ...text(value, "secret"),
    ...text(value, "taskId"),
    ...text(value, "token"),
    ...text(value, "displaced"),
    ...waiterIn(value["waiter"]),
  };
}

function text<Key extends string>(
  value: Record<string, unknown>,
  key: Key,
): Partial<Record<Key, string>> {
  const found = value[key];
  return typeof found === "string" ? ({ [key]: found } as Record<Key, string>) : {};
}

function waiterIn(value: unknown): { waiter?: ProcessIdentity } {
  if (typeof value !== "object" || value === null) return {};
  if (!("pid" in value) || !("startTime" in value)) return {};
  const { pid, startTime } = value;
  if (typeof pid !== "number" || typeof startTime !== "string") return {};
  return { waiter: { pid, startTime } };
}

/** The seat with the task that was just claimed. */
export function holding(seat: Seat, taskId: string, token: string): Seat {
  return { ...seat, taskId, token };
}

/** The seat without its task: done, handed on, or no longer ours. */
export function freed(seat: Seat): Seat {
  const { taskId: _taskId, token: _token, ...rest } = seat;
  return rest;
}

/** Whether another process than this one is waiting in the seat right now. */
export async function hasOtherWaiter(seat: Seat): Promise<boolean> {
  if (seat.waiter === undefined || seat.waiter.pid === process.pid) return false;
  return !(await isGone(seat.waiter));
}
