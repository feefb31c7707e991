import type { Process } from "../machine/process.ts";
import { setTimeout as sleep } from "../system/timers-promises.ts";
import { call } from "./call.ts";

/** An agent that a person runs in a tool of their own: asks for work, thinks, does it, asks again. */
export async function custom(process: Process): Promise<number> {
  const { random } = process.host;
  const [, room = "", role = ""] = process.start.argv;
  const seat = ["--room", room, "--role", role];
  let takeOver = false;
  for (;;) {
    const waited = await call([
      "wait-for-task",
      ...seat,
      "--timeout",
      String(random.int(30, 110)),
      "--json",
      ...(takeOver ? ["--take-over"] : []),
    ]);
    takeOver = waited.code === 6 && random.chance(0.1);
    if (waited.code === 0) await work(seat, random.between(2_000, 120_000));
    else if (waited.code !== 75) await sleep(random.between(5_000, 60_000));
    else await sleep(random.between(100, 20_000));
  }

  async function work(where: readonly string[], ms: number): Promise<void> {
    // It reads the task first.
    await sleep(random.between(0, 5_000));
    await call(["task-started", ...where]);
    await sleep(ms);
    await call(["report-progress", ...where, "half", "of", "it"]);
    await sleep(ms);
    if (random.chance(0.1)) return;
    await call(["handoff", ...where, "--to", "user", "there", "you", "are"]);
  }
}
