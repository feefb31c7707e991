import type { Backend } from "../backend/connect.ts";
import { AwakeClock } from "../awake-clock.ts";
import { keepBeating } from "../beat.ts";
import type { Beats } from "../beat.ts";
import { systemClock } from "../daemon/clock.ts";
import type { Clock } from "../daemon/clock.ts";
import type { HeldSeat, Joined } from "../held-seat.ts";
import type { DaemonChannel } from "./daemon-channel.ts";

/**
 * Why a driven agent gives up its seat: somebody else has it, people want it stopped, or both its daemon and its backend
 * have been gone for so long that nobody is left whom it works for.
 */
export type PulseEnd = "superseded" | "stop" | "orphaned";

export interface PulseOptions {
  readonly backend: Backend;
  /** Its `join` is called when the backend wants this holder to join again. */
  readonly held: HeldSeat;
  readonly joined: Joined;
  readonly daemon: DaemonChannel;
  readonly clock?: Clock;
}

export interface Pulse {
  /** Resolves once with the reason; rejects on what nobody foresaw. Never settles after `stop`. */
  readonly ended: Promise<PulseEnd>;
  /** Resolves when no beat is on its way any more. */
  stop(): Promise<void>;
}

/** Ticks per beat: the daemon carries an agent only while its loop is heard. */
const TICKS_PER_BEAT = 3;
/** How many beats may pass without the machine's word before the agent beats for itself. */
const UNCONFIRMED_BEATS = 1.5;

/**
 * How many leases may pass without a word of anybody before an agent without a daemon ends: with the standard profile as
 * long as work may go on unattended. Its room has thought it dead for nine of them.
 */
const ORPHANED_LEASES = 10;

/**
 * Keeps a driven agent's lease. Its machine's daemon beats for it as long as it hears the ticks of this very loop; when
 * its confirmation fails to come, or the daemon is gone, the agent beats for itself until it comes back.
 */
export function keepPulse(options: PulseOptions): Pulse {
  const { backend, held, joined, daemon } = options;
  const { promise: ended, resolve, reject } = Promise.withResolvers<PulseEnd>();
  const base = options.clock ?? systemClock;
  const clock = new AwakeClock(base);
  const stopping = new AbortController();
  let confirmedAt = clock.now();
  let heardAt = confirmedAt;
  let own: Beats | null = null;

  async function stopOwn(): Promise<void> {
    const beats = own;
    own = null;
    await beats?.stop();
  }

  function onHeard(): void {
    heardAt = clock.now();
  }

  async function beatAlone(overdue: boolean): Promise<void> {
    const beats = keepBeating({ backend, held, joined, overdue, onHeard, clock: base });
    own = beats;
    const end = await beats.ended;
    if (own === beats) own = null;
    // A backend that is away says nothing about this agent: it goes on, and joins again when it is back.
    if (end !== "lost") resolve(end);
  }

  /** `woken`: this process was suspended, and its machine perhaps with it; nobody knows what became of its lease. */
  function tick(woken: boolean): void {
    daemon.say({ kind: "tick" });
    const silentMs = clock.now() - confirmedAt;
    const isOrphaned = clock.now() - heardAt > ORPHANED_LEASES * joined.leaseMs;
    if (isOrphaned && !daemon.connected) resolve("orphaned");
    if (own !== null) return;
    if (woken || !daemon.connected || silentMs > UNCONFIRMED_BEATS * joined.nextBeatMs) {
      beatAlone(woken).catch(reject);
    }
  }

  async function tickOn(): Promise<void> {
    void clock.tick(() => joined.nextBeatMs, stopping.signal);
    let { waking } = clock;
    // One signal for all ticks up to the next suspension: making one costs more than a tick.
    let woken = AbortSignal.any([stopping.signal, waking]);
    while (!stopping.signal.aborted) {
      tick(waking.aborted);
      if (waking !== clock.waking) {
        ({ waking } = clock);
        woken = AbortSignal.any([stopping.signal, waking]);
      }
      await clock.sleep(joined.nextBeatMs / TICKS_PER_BEAT, woken);
      clock.now();
    }
  }

  daemon.listen((answer) => {
    confirmedAt = clock.now();
    heardAt = confirmedAt;
    stopOwn().catch(reject);
    if (answer === "superseded" || answer === "stop") resolve(answer);
    if (answer === "rejoin_required") held.join().catch(() => undefined);
  });
  void tickOn();
  return {
    ended,
    async stop() {
      stopping.abort();
      await stopOwn();
    },
  };
}
