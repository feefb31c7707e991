import { setTimeout as sleep } from "node:timers/promises";
import { HarnessDied, HarnessMissing, HarnessUnusable } from "../adapters/adapter.ts";
import type { Adapter } from "../adapters/adapter.ts";
import { sessionMemory } from "../adapters/acp/memory.ts";
import { findAdapter } from "../adapters/find.ts";
import { ownTools } from "./own-tools.ts";
import { connect } from "../backend/connect.ts";
import type { Backend } from "../backend/connect.ts";
import { seatCredential } from "../backend/credential.ts";
import { nextDelivery } from "../delivery.ts";
import { EXIT_HOPELESS } from "../daemon/hopeless.ts";
import { CliError, EXIT, isUnreachable } from "../errors.ts";
import { holdSeat, superseded } from "../held-seat.ts";
import type { HeldSeat, Joined } from "../held-seat.ts";
import type { Home } from "../home.ts";
import { readSeat } from "../seat.ts";
import { conductTask } from "./conduct.ts";
import type { DaemonChannel } from "./daemon-channel.ts";
import { openDesk } from "./desk.ts";
import { keepPulse } from "./pulse.ts";
import type { PulseEnd } from "./pulse.ts";
import { withRecap } from "./recap.ts";
import { onJoin } from "../on-join.ts";
import { resumed } from "./rejoin.ts";

/** The agent ends because its harness cannot be used or was killed: its daemon decides about a restart. */
const EXIT_HARNESS = 70;

/** How long an agent that starts waits for a backend that is away: most of what its daemon gives it to join. */
const FIRST_JOIN_PATIENCE_MS = 45_000;

export interface AgentRunOptions {
  readonly home: Home;
  readonly url: string;
  readonly room: string;
  readonly role: string;
  readonly harness: string;
  readonly model: string | null;
  readonly workingDir: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly daemon: DaemonChannel;
  /** Aborting it ends the agent: it gives its task back and leaves. A `CliError` as its reason says what broke. */
  readonly signal: AbortSignal;
  /** The last words before a bad end; the daemon shows them in the room. */
  readonly say: (line: string) => void;
}

/**
 * One driven agent from its join to its end: waits for tasks and gives each to the harness. Answers the exit code of its
 * process. It leaves its room on every end but two: its seat belongs to somebody else, or its daemon reports a crash.
 */
export async function runAgent(options: AgentRunOptions): Promise<number> {
  const { home, url, room, role, signal, say } = options;
  const seat = await readSeat(home, url, room, role);
  const credential = seat === null ? null : seatCredential(seat, url);
  if (seat === null || credential === null) {
    say(`There is no seat prepared for ${role}; a daemon does that.`);
    return EXIT.notSignedIn;
  }
  const backend = connect({ home, credential });
  const turnEnd = { abort: (): void => {} };
  let hasJoined = false;
  const held = onJoin(holdSeat(home, backend, room, seat), async (own) => {
    if (hasJoined) backend.reopen();
    // Of the turn that runs now: a claim that is under way has its token on disk as well, and may land meanwhile.
    const { abort } = turnEnd;
    if (!(await resumed(backend, own))) abort();
    hasJoined = true;
    sayJoined(options.daemon, own);
  });
  try {
    return await serve(options, backend, held, turnEnd);
  } catch (error) {
    const code = await endOf(error, signal, hasJoined);
    // Ended before its join, it has nothing to leave, and its harness may have said what it was waiting for.
    if (code === EXIT.done && (hasJoined || !(error instanceof HarnessUnusable)))
      await held.leave(signal.aborted ? "its machine ended it" : "stopped");
    else say(error instanceof Error ? error.message : String(error));
    if (code !== EXIT.conflict && !options.daemon.connected) await held.leave("its process ended");
    return code;
  } finally {
    await backend.close();
  }
}

/** Never comes back by itself: every end is something thrown. */
async function serve(
  options: AgentRunOptions,
  backend: Backend,
  held: HeldSeat,
  turnEnd: { abort: () => void },
): Promise<never> {
  const { home, url, harness: name, model, role, environment } = options;
  const { roomId } = held.seat;
  const place = { workingDir: options.workingDir, environment };
  const adapter = await findAdapter(home, {
    name,
    model,
    role,
    place,
    memory: sessionMemory(home, { url, roomId, role, harness: name, workingDir: place.workingDir }),
    tools: (marker) => [ownTools(environment, marker)],
  });
  const end = () => void adapter.close();
  options.signal.addEventListener("abort", end);
  try {
    const { fresh } = await adapter.open();
    return await workOn(options, backend, { held, adapter, fresh, turnEnd });
  } finally {
    options.signal.removeEventListener("abort", end);
    await adapter.close();
  }
}

interface Opened {
  readonly held: HeldSeat;
  readonly adapter: Adapter;
  /** Its session knows nothing of the room yet. */
  readonly fresh: boolean;
  readonly turnEnd: { abort: () => void };
}

async function workOn(
  options: AgentRunOptions,
  backend: Backend,
  { held, adapter, fresh, turnEnd }: Opened,
): Promise<never> {
  const { home, url, role, daemon, signal, harness, workingDir } = options;
  const path = options.environment["PATH"] ?? "";
  const repository = { home, url, workingDir, path };
  let knowsRoom = !fresh;
  const prompt = async (text: string) => {
    const first = !knowsRoom;
    knowsRoom = true;
    return first ? await withRecap(backend, held.seat.roomId, text) : text;
  };
  const joined = await held.join({ patienceMs: FIRST_JOIN_PATIENCE_MS });
  const pulse = keepPulse({ backend, held, joined, daemon });
  const ending = new AbortController();
  pulse.ended.then(
    (end) => ending.abort(ENDS[end](role)),
    (error: unknown) => ending.abort(error),
  );
  const alive = AbortSignal.any([signal, ending.signal]);
  // A harness that is asked to cancel may take its time; an agent that ends has none.
  alive.addEventListener("abort", () => void adapter.close());
  let { heldTaskId }: Pick<Joined, "heldTaskId"> = joined;
  const desk = openDesk(backend, held.seat);
  try {
    for (;;) {
      const turn = new AbortController();
      turnEnd.abort = () => {};
      await unlessAway(alive, async () => {
        const delivery = await nextDelivery({
          backend,
          held,
          heldTaskId,
          signal: alive,
          offers: desk,
          harness,
        });
        heldTaskId = null;
        turnEnd.abort = () => turn.abort();
        const work = {
          backend,
          held,
          desk,
          adapter,
          harness,
          repository,
          prompt,
          signal: AbortSignal.any([alive, turn.signal]),
          onStarted: () => daemon.say({ kind: "task_started" }),
        };
        await conductTask(work, delivery);
      });
    }
  } finally {
    desk.stop();
    await pulse.stop();
  }
}

const AWAY_PAUSE_MS = 1_000;

/** A backend that is away, or a lease that ran out meanwhile, does not end an agent: the seat file knows its task. */
async function unlessAway(alive: AbortSignal, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    alive.throwIfAborted();
    if (!(isUnreachable(error) || isTurnLost(error) || isRejoin(error))) throw error;
    await sleep(AWAY_PAUSE_MS, undefined, { signal: alive }).catch(() => undefined);
    alive.throwIfAborted();
  }
}

function sayJoined(daemon: DaemonChannel, { seat }: HeldSeat): void {
  daemon.say({ kind: "joined", epoch: seat.epoch, holderId: seat.holderId });
}

/** A signal to the whole group may end the harness before this process hears of it. */
const SIGNAL_MS = 100;

async function endOf(error: unknown, signal: AbortSignal, hasJoined: boolean): Promise<number> {
  if (error instanceof HarnessDied && !signal.aborted) await sleep(SIGNAL_MS);
  if (signal.aborted) return signal.reason instanceof CliError ? signal.reason.exit : EXIT.done;
  if (error instanceof HarnessMissing && !hasJoined) return EXIT_HOPELESS;
  if (error instanceof HarnessDied || error instanceof HarnessUnusable) return EXIT_HARNESS;
  if (!(error instanceof CliError)) return EXIT.unexpected;
  return error.kind === "stopped" || error.kind === "archived" ? EXIT.done : error.exit;
}

const ENDS: Readonly<Record<PulseEnd, (role: string) => CliError>> = {
  superseded,
  stop: (role) => new CliError("stopped", `${role} was stopped by a person.`),
  orphaned: (role) =>
    new CliError(
      "unreachable",
      `${role} is alone: its daemon and its backend have been gone too long.`,
    ),
};

function isTurnLost(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

function isRejoin(error: unknown): boolean {
  return error instanceof CliError && error.kind === "rejoin_required";
}
