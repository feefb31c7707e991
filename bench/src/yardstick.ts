import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import path from "node:path";
import { figuresOf, percentile, repeat, spread } from "./figure.ts";
import type { Figure, Run } from "./figure.ts";
import { timed } from "./load.ts";
import { Scratch } from "./places.ts";

const SYNCS = 500;
const ROUND_TRIPS = 1_000;
const JSON_MB = 20;

/** What this computer can do at best: every other figure is to be read against these. */
export async function measureYardstick(runs: number): Promise<Figure[]> {
  const latency = { p50: "ms", p99: "ms" } as const;
  return [
    ...figuresOf(
      { work: "write 4 KiB and fsync", durable: true },
      latency,
      await repeat(runs, async () => syncs()),
    ),
    ...figuresOf(
      { work: "HTTP round trip over loopback, empty answer", durable: null },
      latency,
      await repeat(runs, roundTrips),
    ),
    ...figuresOf(
      { work: "JSON.stringify and JSON.parse of messages", durable: null },
      { speed: "MB/s" },
      await repeat(runs, async () => jsonSpeed()),
    ),
  ];
}

/** What a sync to disk took right after a measurement: every figure that is on disk is to be read beside these. */
export function syncsBeside(): Figure[] {
  const durations = syncTimes();
  const found = {
    ...spread(durations),
    p90: percentile(durations, 0.9),
    most: Math.max(...durations),
  };
  return figuresOf(
    { work: "beside: write 4 KiB and fsync", durable: true },
    { p50: "ms", p90: "ms", p99: "ms", most: "ms" },
    [found],
  );
}

function syncs(): Run {
  return spread(syncTimes());
}

function syncTimes(): number[] {
  using scratch = new Scratch();
  const file = openSync(path.join(scratch.path, "log"), "a");
  const block = Buffer.alloc(4_096, 1);
  const durations = Array.from({ length: SYNCS }, () => {
    const begun = performance.now();
    writeSync(file, block);
    fsyncSync(file);
    return performance.now() - begun;
  });
  closeSync(file);
  return durations;
}

async function roundTrips(): Promise<Run> {
  const server = createServer((_request, response) => response.end("{}")).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const durations: number[] = [];
  for (let trip = 0; trip < ROUND_TRIPS; trip += 1) {
    const ask = async () => await (await fetch(`http://127.0.0.1:${port}`)).json();
    durations.push(await timed(ask));
  }
  server.closeAllConnections();
  server.close();
  return spread(durations);
}

function jsonSpeed(): Run {
  const message = { seq: 1, sender: { kind: "person", name: "ada" }, text: "x".repeat(200) };
  const room = Array.from({ length: 1_000 }, () => message);
  const bytes = JSON.stringify(room).length;
  const rounds = Math.ceil((JSON_MB * 1e6) / bytes);
  const begun = performance.now();
  for (let round = 0; round < rounds; round += 1) JSON.parse(JSON.stringify(room));
  return { speed: (rounds * bytes) / 1e3 / (performance.now() - begun) };
}
