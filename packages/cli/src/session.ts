import { backendUrl, readCurrent } from "./backend/address.ts";
import { connect, type Backend } from "./backend/connect.ts";
import {
  notSignedIn,
  personCredential,
  seatCredential,
  type Credential,
} from "./backend/credential.ts";
import { CliError } from "./errors.ts";
import type { Invocation } from "./invocation.ts";
import { readSeat, type Seat } from "./seat.ts";

export interface SeatOptions {
  readonly room?: string;
  readonly role?: string;
}

/** The room of this call: the option or, where a command takes one, the argument, else MUSTER_ROOM. @throws `usage` */
export function roomOf(
  invocation: Invocation,
  options: { readonly room?: string },
  argument?: string,
): string {
  const { room = argument } = options;
  if (argument !== undefined && argument !== room) {
    throw new CliError("usage", `Which room: ${argument} or ${room}?`, {
      hint: "Give it once, as an argument or with --room.",
    });
  }
  return named(room, invocation.env["MUSTER_ROOM"], "room");
}

/** The role of this call: the option, else MUSTER_ROLE. In an agent's shell there is no other than its own. */
export function roleOf(invocation: Invocation, options: { readonly role?: string }): string {
  const own = invocation.env["MUSTER_ROLE"];
  const role = named(options.role, own, "role");
  if (own !== undefined && own !== "" && role !== own) {
    throw new CliError("not_allowed", `This shell speaks for ${own} and not for ${role}.`);
  }
  return role;
}

function named(option: string | undefined, variable: string | undefined, what: string): string {
  const value = option ?? variable;
  if (value === undefined || value === "") {
    throw new CliError("usage", `Which ${what}? This command needs --${what}.`, {
      hint: `Give --${what} NAME, or set MUSTER_${what.toUpperCase()}.`,
    });
  }
  return value;
}

/** What only people may do: an agent may not end or replace what it runs on. @throws `not_allowed` in an agent's shell */
export function refuseAgent(invocation: Invocation, what = "start or stop Muster"): void {
  const role = invocation.env["MUSTER_ROLE"];
  if (role === undefined || role === "") return;
  throw new CliError("not_allowed", `This shell is ${role}'s: it cannot ${what}.`);
}

/** Speaks as this person; in an agent's shell (MUSTER_ROLE) as that agent and never as the person. */
export async function asCaller(invocation: Invocation): Promise<Backend> {
  const url = await backendUrl(invocation.env, invocation.home);
  return open(invocation, await callerCredential(invocation, url));
}

async function callerCredential(invocation: Invocation, url: string): Promise<Credential> {
  const { env, home } = invocation;
  const role = env["MUSTER_ROLE"];
  if (role === undefined || role === "") {
    const person = await personCredential(home, url);
    if (person === null) throw await whyNoCredential(invocation, url);
    return person;
  }
  const room = roomOf(invocation, {});
  return ownCredential(await readSeat(home, url, room, role), url, room, role);
}

/** Speaks for a role, whether it holds a seat already (`seat`) or is about to sit down (null). */
export async function asAgent(
  invocation: Invocation,
  room: string,
  role: string,
): Promise<{ backend: Backend; seat: Seat | null }> {
  const { env, home } = invocation;
  const url = await backendUrl(env, home);
  const seat = await readSeat(home, url, room, role);
  const confined = env["MUSTER_ROLE"] !== undefined && env["MUSTER_ROLE"] !== "";
  if (confined || seat?.secret !== undefined) {
    return { backend: open(invocation, ownCredential(seat, url, room, role)), seat };
  }
  const person = await personCredential(home, url);
  if (person === null) throw await whyNoCredential(invocation, url);
  const credential = { ...person, seat: { room: seat?.roomId ?? room, role } };
  return { backend: open(invocation, credential), seat };
}

/** Nobody is signed in to a Muster that does not run: then that is what to mend. */
async function whyNoCredential({ env, home }: Invocation, url: string): Promise<CliError> {
  const wanted = env["MUSTER_URL"] ?? "";
  if (wanted !== "" || (await readCurrent(home)) !== null) return notSignedIn(url);
  return new CliError("unreachable", "Muster does not run on this machine.", {
    hint: "Start it: muster up. To reach one elsewhere, set MUSTER_URL.",
  });
}

function ownCredential(seat: Seat | null, url: string, room: string, role: string): Credential {
  const own = seat === null ? null : seatCredential(seat, url);
  if (own !== null) return own;
  throw new CliError("not_signed_in", `There is no credential here for ${role} in ${room}.`, {
    hint: "This shell is an agent's. In your own: unset MUSTER_ROLE, and give --role instead.",
  });
}

/** The seat of a role on this machine. @throws `conflict` when nobody sits there */
export async function asSeated(
  invocation: Invocation,
  options: SeatOptions,
): Promise<{ backend: Backend; seat: Seat }> {
  const room = roomOf(invocation, options);
  const role = roleOf(invocation, options);
  const { backend, seat } = await asAgent(invocation, room, role);
  if (seat !== null) return { backend, seat };
  throw new CliError("conflict", `Nobody sits in ${role} of ${room} on this machine.`, {
    hint: `First sit down: ${waitCommand(options)}`,
  });
}

/** The seat of a role that holds a task. @throws `conflict` when it holds none */
export async function asHolder(
  invocation: Invocation,
  options: SeatOptions,
): Promise<{ backend: Backend; seat: Seat & { taskId: string; token: string } }> {
  const room = roomOf(invocation, options);
  const role = roleOf(invocation, options);
  const { backend, seat } = await asAgent(invocation, room, role);
  const { taskId, token } = seat ?? {};
  if (seat === null || taskId === undefined || token === undefined) {
    throw new CliError("conflict", `${role} in ${room} holds no task on this machine.`, {
      hint: `First take one: ${waitCommand(options)}`,
    });
  }
  return { backend, seat: { ...seat, taskId, token } };
}

function open(invocation: Invocation, credential: Credential): Backend {
  const backend = connect({ home: invocation.home, credential });
  invocation.defer(async () => await backend.close());
  return backend;
}

/** The seat's options as they were given: what came from the environment need not be said again. */
export function seatFlags(options: SeatOptions): string {
  const room = options.room === undefined ? "" : ` --room ${quoted(options.room)}`;
  const role = options.role === undefined ? "" : ` --role ${quoted(options.role)}`;
  return `${room}${role}`;
}

export function waitCommand(options: SeatOptions): string {
  return `muster wait-for-task${seatFlags(options)}`;
}

/** As a shell takes it for one word. */
export function quoted(word: string): string {
  return /^[\w.@%+=:,/-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
