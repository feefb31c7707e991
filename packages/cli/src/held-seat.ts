import type { Backend } from "./backend/connect.ts";
import { api } from "./backend/api.ts";
import { CliError } from "./errors.ts";
import type { Home } from "./home.ts";
import { identityOf } from "./process-identity.ts";
import { freed, hasOtherWaiter, newHolderId, readSeat, writeSeat, type Seat } from "./seat.ts";

/** How long a write of an agent is tried again while the backend is away: a restart of `muster up` fits in. */
export const AGENT_PATIENCE_MS = 15_000;

interface JoinOptions {
  readonly takeOver?: boolean;
  /** For how long a backend that is away is tried again (default AGENT_PATIENCE_MS). */
  readonly patienceMs?: number;
}

/** What the backend says to a holder that joined. Times in ms. */
export interface Joined {
  readonly nextBeatMs: number;
  readonly leaseMs: number;
  /** The open task of this holder, which is to be delivered again before any other. */
  readonly heldTaskId: string | null;
}

/** A seat that this process sits in. What `seat` says is on disk. */
export interface HeldSeat {
  readonly seat: Seat;
  /** Changes the seat, on disk before it resolves. @throws CliError `superseded` if another holder has written it. */
  change(how: (seat: Seat) => Seat): Promise<void>;
  /** Whether the seat still has this task, on disk: the holder's own commands take out what they have ended. */
  holds(taskId: string): Promise<boolean>;
  /** Joins (again) as the same holder. A new epoch, if there is one, is on disk before it resolves. */
  join(how?: JoinOptions): Promise<Joined>;
  /** The process ends but its program will call again: the role stays as it is for the gap between two waits. */
  park(): Promise<void>;
  /** Leaves the role for good: it shows as offline at once. A failure to say so is the lease's business. */
  leave(reason: string): Promise<void>;
}

export interface SitOptions {
  readonly home: Home;
  readonly backend: Backend;
  readonly room: string;
  readonly role: string;
  readonly takeOver?: boolean;
}

/**
 * Sits down in a role and joins: as the holder that the seat file names, or, if that one still waits in a living process
 * or there is none, as a new holder, which takes the role over.
 *
 * @throws CliError `superseded` when that needs `takeOver`, `stopped` when people want this role stopped
 */
export async function sitDown(options: SitOptions): Promise<{ held: HeldSeat; joined: Joined }> {
  const { home, backend, room, role } = options;
  const known = await readSeat(home, backend.url, room, role);
  const occupied = known !== null && (await hasOtherWaiter(known));
  if (occupied && known.secret !== undefined && options.takeOver !== true) {
    throw new CliError("conflict", `${role} is run by this machine's daemon and already waits.`, {
      hint: "Its tasks reach it by themselves; --take-over takes the seat from the daemon.",
    });
  }
  const seat: Seat = {
    ...(known ?? { roomId: "", roomName: room, role, epoch: 0 }),
    ...asHolder(known, occupied),
  };
  const held = holdSeat(home, backend, room, seat);
  const joined = await held.join({ takeOver: options.takeOver ?? false });
  return { held, joined };
}

/** A living waiter keeps its holder; who comes second is another one, the same each time it comes again. */
function asHolder(known: Seat | null, occupied: boolean): Pick<Seat, "holderId" | "displaced"> {
  if (known === null) return { holderId: newHolderId() };
  if (!occupied) return { holderId: known.holderId };
  return { holderId: known.displaced ?? newHolderId(), displaced: known.holderId };
}

/** A seat whose file names the holder already: what the daemon prepared for a remote agent. */
export function holdSeat(home: Home, backend: Backend, room: string, start: Seat): HeldSeat {
  const { url } = backend;
  let seat = start;

  async function change(how: (seat: Seat) => Seat): Promise<void> {
    const onDisk = await readSeat(home, url, seat.roomId, seat.role);
    if (onDisk !== null && onDisk.holderId !== seat.holderId) throw superseded(seat.role);
    seat = how(onDisk ?? seat);
    await writeSeat(home, url, seat);
  }

  async function holds(taskId: string): Promise<boolean> {
    return (await readSeat(home, url, seat.roomId, seat.role))?.taskId === taskId;
  }

  async function join(how: JoinOptions = {}): Promise<Joined> {
    const answer = await backend.mutate(
      api.participants.join,
      {
        room: seat.roomId === "" ? room : seat.roomId,
        role: seat.role,
        holderId: seat.holderId,
        pid: process.pid,
        ...(seat.secret === undefined ? {} : { epoch: seat.epoch }),
        ...(how.takeOver === true ? { takeOver: true } : {}),
      },
      { patienceMs: how.patienceMs ?? AGENT_PATIENCE_MS },
    );
    const waiter = await identityOf(process.pid);
    seat = {
      ...seat,
      roomId: answer.roomId,
      roomName: answer.roomName,
      epoch: answer.epoch,
      ...(waiter === null ? {} : { waiter }),
    };
    await writeSeat(home, url, seat);
    return {
      nextBeatMs: answer.nextBeatMs,
      leaseMs: answer.leaseMs,
      heldTaskId: answer.held?.taskId ?? null,
    };
  }

  async function park(): Promise<void> {
    const { roomId, role, epoch, holderId } = seat;
    const args = { room: roomId, role, epoch, holderId };
    await backend.mutate(api.participants.park, args, { patienceMs: AGENT_PATIENCE_MS });
    await change(({ waiter: _waiter, ...rest }) => rest);
  }

  async function leave(reason: string): Promise<void> {
    const { roomId, role, epoch, holderId } = seat;
    try {
      await backend.mutate(api.participants.leave, { room: roomId, role, epoch, holderId, reason });
      await change(({ waiter: _waiter, ...rest }) => freed(rest));
    } catch (error) {
      // Unsaid, it is seen when the lease runs out; and a token that was not given back may still be good.
      if (!(error instanceof CliError)) throw error;
    }
  }

  return {
    get seat() {
      return seat;
    },
    change,
    holds,
    join,
    park,
    leave,
  };
}

export function superseded(role: string): CliError {
  return new CliError("superseded", `Another process took the seat of ${role}.`, {
    hint: "Stop here. If this one should have it: muster wait-for-task --take-over",
  });
}
