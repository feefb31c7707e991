import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { figuresOf, repeat } from "./figure.ts";
import type { Figure, Run } from "./figure.ts";
import { freePort } from "./free-port.ts";
import { measureJoins } from "./joins.ts";
import { timed } from "./load.ts";
import { environment, MUSTER, Scratch } from "./places.ts";

const VERSIONS = 20;
const POLL_MS = 2;

/** A fresh home's first `up`, its second, and the quickest of its commands. */
export async function measureStarts(runs: number): Promise<Figure[]> {
  const versions: Run[] = [];
  const ups = await repeat(runs, async () => {
    using scratch = new Scratch();
    using cache = new Scratch();
    const first = await upOnce(scratch.path, cache.path);
    const second = await upOnce(scratch.path, cache.path);
    if (versions.length === 0) versions.push(...(await repeat(VERSIONS, () => version(scratch))));
    return { first, second };
  });
  const up = { work: "muster up, process start → first answer of a function", durable: null };
  return [
    ...figuresOf(up, { first: "ms", second: "ms" }, ups),
    ...figuresOf(
      { work: "muster --version, by the command that up writes", durable: null },
      { took: "ms" },
      versions,
    ),
    ...(await measureJoins()),
  ];
}

async function version(home: Scratch): Promise<Run> {
  const command = path.join(home.path, "bin/muster");
  const took = await timed(async () => {
    const env = environment({ MUSTER_HOME: home.path });
    await once(spawn(command, ["--version"], { env, stdio: "ignore" }), "exit");
  });
  return { took };
}

/** Milliseconds from the start of `up` until a function answers, be it with a refusal. Drains it afterwards. */
async function upOnce(home: string, cache: string): Promise<number> {
  const [port, sitePort] = [await freePort(), await freePort()];
  const ports = ["--port", String(port), "--site-port", String(sitePort)];
  const begun = performance.now();
  const up = spawn(
    process.execPath,
    [MUSTER, "up", "--json", "--no-daemon", "--no-demo", ...ports],
    {
      env: environment({ MUSTER_HOME: home, NODE_COMPILE_CACHE: cache }),
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let complaint = "";
  up.stderr.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
  const announced = once(up.stdout, "data");
  while (!(await answers(port))) {
    if (hasEnded(up)) throw new Error(`muster up ended before it answered:\n${complaint}`);
    await sleep(POLL_MS);
  }
  const took = performance.now() - begun;
  await announced;
  up.kill("SIGTERM");
  await once(up, "exit");
  return took;
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

async function answers(port: number): Promise<boolean> {
  const call = { path: "auth:whoami", args: [{}], format: "convex_encoded_json" };
  try {
    const response = await fetch(`http://127.0.0.1:${port}/api/query`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(call),
    });
    await response.text();
    return response.ok;
  } catch {
    return false;
  }
}
