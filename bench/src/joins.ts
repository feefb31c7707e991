import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { api, newKey, signIn } from "./caller.ts";
import { figuresOf } from "./figure.ts";
import type { Figure, Run } from "./figure.ts";
import { freePort } from "./free-port.ts";
import { timed } from "./load.ts";
import { environment, MUSTER, Scratch } from "./places.ts";

const POLL_MS = 2;
const JOINS = 20;

/** How long a program waits until `muster wait-for-task` has sat down in a role; the first one compiles. */
export async function measureJoins(): Promise<Figure[]> {
  using scratch = new Scratch();
  const port = await freePort();
  const env = environment({ MUSTER_HOME: scratch.path });
  const ports = ["--port", String(port), "--site-port", String(await freePort())];
  const bare = ["up", "--json", "--no-daemon", "--no-demo"];
  const up = spawn(process.execPath, [MUSTER, ...bare, ...ports], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await once(up.stdout, "data");
    const file = path.join(scratch.path, "credentials", "person.json");
    const { secret } = JSON.parse(readFileSync(file, "utf8")) as { secret: string };
    const { client } = await signIn(`http://127.0.0.1:${port}`, secret);
    const runs: Run[] = [];
    for (let join = 0; join <= JOINS; join += 1) {
      const room = `join-${join}`;
      await client.mutation(api.rooms.create, { name: room, team: ["planner"], key: newKey() });
      const command = path.join(scratch.path, "bin/muster");
      const program = await timed(async () => {
        await once(spawn(process.execPath, ["-e", "0"], { stdio: "ignore" }), "exit");
      });
      const begun = performance.now();
      const waiter = spawn(command, ["wait-for-task", "--room", room, "--role", "planner"], {
        env,
        stdio: "ignore",
      });
      const sits = async () => {
        const { items } = await client.query(api.rooms.getTeamReadiness, { room });
        return items[0]?.agentStatus === "ready";
      };
      while (!(await sits())) await sleep(POLL_MS);
      const took = performance.now() - begun;
      waiter.kill("SIGTERM");
      await once(waiter, "exit");
      if (join > 0) runs.push({ took, "an empty program takes": program, ratio: took / program });
    }
    const about = {
      work: "muster wait-for-task, process start → its role is READY",
      durable: null,
    };
    const units = { took: "ms", "an empty program takes": "ms", ratio: "" } as const;
    return figuresOf(about, units, runs);
  } finally {
    up.kill("SIGTERM");
    await once(up, "exit");
  }
}
