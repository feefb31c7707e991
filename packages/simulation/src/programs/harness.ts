import { launch } from "../machine/process.ts";
import type { Process } from "../machine/process.ts";
import { setTimeout as sleep } from "../system/timers-promises.ts";
import { call } from "./call.ts";

/** How the harnesses of a run behave. Shares are of turns; the rest answers or hands off. */
export interface Temper {
  /** Ms that a turn takes at least and at most. */
  readonly turn: readonly [number, number];
  readonly fails: number;
  readonly dies: number;
  readonly hangs: number;
  /** SIGTERM means nothing to it. */
  readonly deaf: number;
  /** Leaves a program behind that hides in another process group. */
  readonly leaves: number;
  readonly handsOff: number;
  /** Of the rest, the share that answers the person instead of whoever asked. */
  readonly endsChain: number;
  /** Of the handoffs, the share that is made twice at once; none when absent. */
  readonly repeats?: number;
}

/** A program that gets one prompt and answers, the way agents of people do: mostly well. */
export function harness(
  temper: () => Temper,
  colleagues: (role: string) => readonly string[],
): (process: Process) => Promise<number> {
  return async (process) => {
    const { random } = process.host;
    const { turn, fails, dies, hangs, deaf, leaves, handsOff, endsChain, repeats = 0 } = temper();
    const roles = colleagues(process.env["MUSTER_ROLE"] ?? "");
    if (random.chance(deaf)) {
      process.isDeaf = true;
      process.world.fault("deaf to SIGTERM", process.title);
    }
    if (random.chance(leaves)) {
      process.world.fault("leaves a survivor", process.title);
      launch(process.host, {
        ...process.start,
        program: "survivor",
        title: `survivor:${process.env["MUSTER_ROLE"]}`,
        argv: ["survivor"],
        parent: null,
        detached: true,
        hasChannel: false,
      });
    }
    await sleep(random.between(...turn));
    if (random.chance(hangs)) {
      process.world.fault("hangs", process.title);
      await sleep(24 * 3_600_000);
    }
    if (random.chance(dies)) {
      process.world.fault("harness dies", process.title);
      process.receive("SIGKILL");
    }
    if (random.chance(fails)) return 1;
    if (roles.length > 0 && random.chance(handsOff)) {
      await handOff(["--to", random.pick(roles), "please", "go", "on"]);
    } else if (random.chance(endsChain)) await handOff(["--to", "user", "it", "is", "done"]);
    process.output.emit("stdout", "done\n");
    return 0;

    async function handOff(words: readonly string[]): Promise<void> {
      const times = random.chance(repeats) ? 2 : 1;
      await Promise.all(
        Array.from({ length: times }, async () => await call(["handoff", ...words])),
      );
    }
  };
}

/** A build server, say, that an agent started and forgot. */
export async function survivor(process: Process): Promise<number> {
  process.isDeaf = true;
  await sleep(7 * 24 * 3_600_000);
  return 0;
}

/** A program that has nothing to do with us. */
export async function stranger(process: Process): Promise<number> {
  await sleep(process.host.random.between(10, 120) * 60_000);
  return 0;
}
