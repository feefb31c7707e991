import type { World } from "../kernel/world.ts";
import type { Process } from "../machine/process.ts";
import type { Rule } from "./ledger.ts";

/** `stranger`: a process that has nothing but the pid of an earlier one of ours gets no signal from our programs. */
export function strangers(world: World): Rule {
  world.onSpawn((spawned) => {
    const process = spawned as Process;
    if (process.start.program !== "stranger") return;
    process.onSignal((signal, from) => {
      world.violate("stranger", `${from.title} sent ${signal} to ${process.title}`);
    });
  });
  return {};
}
