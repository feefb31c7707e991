import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { seedOf } from "../../scripts/amount.mjs";
import { untilTeam } from "./harbor.ts";
import { api, Observer } from "./observer.ts";
import { processesOf } from "./processes.ts";
import { Product } from "./product.ts";

const ROUNDS = 10;
const LATEST_KILL_MS = 5_000;
/** How long the answer to one message may take, all recoveries included, on a busy computer. */
const ROUND_MS = 60_000;
const VICTIMS = ["planner", "builder", "daemon", "backend"] as const;
type Victim = (typeof VICTIMS)[number];

const SEED = seedOf(process.env);
const room = "harbor";
const latest = { room, limit: 200 };

/** Mulberry32: the same seed, the same victims and moments. Numbers from 0 up to 1. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a person is left with after each of them: the agents come back by themselves. */
async function strike(product: Product, victim: Victim): Promise<void> {
  if (victim === "backend") {
    await product.killBackend();
    await product.up();
    return;
  }
  const process_ = await untilFound(() =>
    processesOf(product).find(({ command, role }) =>
      victim === "daemon"
        ? command.includes("daemon/main.ts")
        : role === victim && command.includes("agent-run/main.ts"),
    ),
  );
  process.kill(process_.pid, "SIGKILL");
  if (victim !== "daemon") return;
  const started = await product.muster("machine", "daemon", "start");
  expect(started).toMatchObject({ exitCode: 0, stderr: "" });
}

/** An agent may be between two lives. */
async function untilFound<T>(find: () => T | undefined): Promise<T> {
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    await sleep(20);
  }
}

/** Once the last turn's own processes have ended, each role has one: what else there were is an orphan. */
async function untilOneEach(product: Product): Promise<void> {
  await untilFound(() => {
    const roles = processesOf(product).flatMap(({ role }) => role ?? []);
    return roles.toSorted().join() === "builder,planner" || undefined;
  });
}

/** The demo names its file after the message, and its answer names the file. */
async function untilAnswered(observer: Observer, at: number): Promise<void> {
  await observer.until(api.messages.list, latest, ({ items }) =>
    items.some((message) => isAnswer(message, at)),
  );
}

function isAnswer(message: { target: string | null; text: string }, at: number): boolean {
  return message.target === "user" && message.text.includes(`plans/paint-boat-${at}-`);
}

/** Fails with the whole scene when `work` takes too long. */
async function inTime(product: Product, observer: Observer, work: Promise<void>): Promise<void> {
  const done = new AbortController();
  const late = sleep(ROUND_MS, "late", { signal: done.signal }).catch(() => undefined);
  try {
    if ((await Promise.race([work, late])) === "late") throw await scene(product, observer);
  } finally {
    done.abort();
  }
}

async function scene(product: Product, observer: Observer): Promise<Error> {
  const { items: seats } = await observer.until(api.rooms.getTeamReadiness, { room }, () => true);
  const { items: tasks } = await observer.until(api.tasks.list, { room }, () => true);
  const { items: messages } = await observer.until(api.messages.list, latest, () => true);
  const shown = { seats, tasks: tasks.slice(0, 6), messages: messages.slice(-20) };
  const processes = processesOf(product);
  return new Error(`Not in time: ${JSON.stringify({ ...shown, processes }, null, 1)}`);
}

test(`${ROUNDS} messages, each with somebody killed at a random moment, end with one answer and one commit each`, async () => {
  console.log(`MUSTER_SEED=${SEED}`);
  const random = seeded(SEED);
  process.env["MUSTER_DEMO_PACE_MS"] = "200";
  await using product = await Product.start();
  await using observer = new Observer(product);
  await inTime(product, observer, untilTeam(observer, "ready"));

  for (let at = 0; at < ROUNDS; at += 1) {
    const victim = VICTIMS[Math.floor(random() * VICTIMS.length)] ?? "backend";
    const delay = Math.floor(random() * LATEST_KILL_MS);
    console.log(`round ${at}: ${victim} after ${delay} ms`);
    const sent = await product.muster("send", "--room", "harbor", `Paint boat ${at}.`);
    expect(sent).toMatchObject({ exitCode: 0, stderr: "" });
    await sleep(delay);
    await inTime(product, observer, strike(product, victim));
    await inTime(product, observer, untilAnswered(observer, at));
  }

  await inTime(product, observer, untilTeam(observer, "ready"));
  const { items } = await observer.until(api.messages.list, latest, () => true);
  const log = execFileSync("git", ["log", "--format=%s"], {
    cwd: product.repository,
    encoding: "utf8",
  });
  const rounds = Array.from({ length: ROUNDS }, (_, at) => at);
  const outcome = rounds.map((at) => ({
    answers: items.filter((message) => isAnswer(message, at)).length,
    commits: log.split("\n").filter((subject) => subject === `Plan: Paint boat ${at}`).length,
  }));
  expect(outcome).toEqual(rounds.map(() => ({ answers: 1, commits: 1 })));

  await inTime(product, observer, untilOneEach(product));
  await product.muster("down");
  await product.muster("machine", "daemon", "stop");
  await product.ended();
  expect(processesOf(product)).toEqual([]);
});
