import { once } from "node:events";
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readCurrent } from "../src/backend/address.ts";
import { api } from "../src/backend/api.ts";
import { connect } from "../src/backend/connect.ts";
import { personCredential } from "../src/backend/credential.ts";
import { Muster, type Running } from "./muster.ts";

const NOTHING = ["up", "--port", "0", "--site-port", "0", "--no-daemon", "--no-demo"];

test.concurrent("Ctrl-C once drains and ends with 0; the next start finds everything again", async () => {
  await using muster = new Muster();
  const first = await muster.up();
  await muster.call(["room", "create", "harbor", "--team", "planner"]);
  const secret = readFileSync(muster.home.personCredential, "utf8");
  first.child.kill("SIGINT");
  first.child.kill("SIGINT");
  expect(await first.ended()).toBe(0);
  expect(await readCurrent(muster.home)).toBeNull();

  await muster.up();
  const rooms = await muster.call(["room", "list"]);
  expect(rooms.data).toMatchObject({ items: [{ name: "harbor" }] });
  const kept = JSON.parse(readFileSync(muster.home.personCredential, "utf8")) as object;
  expect(kept).toEqual({ ...(JSON.parse(secret) as object), backend: await muster.url() });
});

test.concurrent("everybody connected hears that it stops, and nobody after the next start", async () => {
  await using muster = new Muster();
  const port = ["--port", String(await freePort())];
  const first = await muster.up(port);
  const credential = await personCredential(muster.home, await muster.url());
  if (credential === null) throw new Error("nobody is signed in");
  const ada = connect({ home: muster.home, credential });
  try {
    const heard = new Promise<string>((resolve, reject) => {
      const look = ({ items }: { items: { kind: string; scope: string }[] }) => {
        const notice = items.find(({ kind }) => kind === "restart");
        if (notice !== undefined) resolve(notice.scope);
        else first.child.kill("SIGINT");
      };
      ada.watch(api.notices.list, {}, look, reject);
    });
    expect(await heard).toBe("server");
    expect(await first.ended()).toBe(0);

    await muster.up(port);
    expect(await ada.query(api.notices.list, {})).toEqual({ items: [] });
  } finally {
    await ada.close();
  }
});

test.concurrent("after an upgrade everybody hears which version serves, once, and status shows it", async () => {
  await using muster = new Muster();
  const notices = async () => (await muster.call(["status"])).data["notices"];
  await muster.up();
  expect(await notices()).toEqual([]);
  const servedBy = path.join(muster.home.data, "served-by.json");
  const now = readFileSync(servedBy, "utf8");
  writeFileSync(servedBy, now.replace(/\d+\.\d+\.\d+/, "0.0.9"));
  await muster.call(["down"]);
  await muster.up();
  const text: unknown = expect.stringMatching(/^Muster \S+ serves now, 0\.0\.9 did before: /);
  expect(await notices()).toMatchObject([{ kind: "upgrade", scope: "server", text }]);
  await muster.start(["status"]).says("Notice   Muster");
  // By this the next start knows that it has been said.
  expect(readFileSync(servedBy, "utf8")).toBe(now);
});

test.concurrent("down ends it from another terminal, and says so when nothing runs", async () => {
  await using muster = new Muster();
  const up = await muster.up();
  expect(await muster.run(["down"])).toMatchObject({ exit: 0, data: { stopped: true } });
  expect(await up.ended()).toBe(0);
  expect(await muster.run(["down"])).toMatchObject({ exit: 0, data: { stopped: false } });
});

test.concurrent("down says that a daemon goes on which people have started", async () => {
  await using muster = new Muster();
  await muster.up();
  const { pid } = (await muster.call(["daemon", "start"])).data;
  const down = await muster.call(["down"]);
  expect(down).toMatchObject({ exit: 0, data: { stopped: true, daemonPid: pid } });
  expect(down.summary).toBe(
    `Stopped. The daemon (process ${String(pid)}) goes on, with its agents.`,
  );
  expect(down.next).toEqual(["muster machine daemon stop"]);
});

test.concurrent("after SIGKILL nothing acknowledged is missing, and who waited goes on waiting", async ({
  signal,
}) => {
  await using muster = new Muster();
  const port = ["--port", String(await freePort())];
  const fast = { MUSTER_TIMING: "fast" };
  const up = await muster.up(port, fast);
  await muster.call(["room", "create", "harbor", "--team", "planner,builder"]);
  const sent = await muster.call(["send", "--room", "harbor", "keep this"]);
  const waiting = muster.start([
    "wait-for-task",
    "--room",
    "harbor",
    "--role",
    "builder",
    "--json",
  ]);
  while (!(await isReady(muster, "builder"))) signal.throwIfAborted();
  up.child.kill("SIGKILL");
  await up.ended();

  await muster.up(port, fast);
  const seat = ["--room", "harbor", "--role", "planner"];
  const task = await muster.run(["wait-for-task", ...seat]);
  expect(task.data).toMatchObject({ task: { id: sent.data["taskId"] } });
  const handed = await muster.call(["handoff", ...seat, "--to", "builder", "go on"]);
  expect(await waiting.ended()).toBe(0);
  expect(waiting.output).toContain(String(handed.data["nextTaskId"]));
});

async function isReady(muster: Muster, role: string): Promise<boolean> {
  const { data } = await muster.call(["agent", "status", "--room", "harbor", "--role", role]);
  return (data["items"] as { agentStatus: string }[])[0]?.agentStatus === "ready";
}

test.concurrent("a port in use: who has it, and another one that is free beside the one you chose", async () => {
  await using muster = new Muster();
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const free = await freePort();
  const bare = ["--no-daemon", "--no-demo"];
  const answer = await muster.run(["up", `--port=${port}`, "--site-port=0", ...bare]);
  const site = await muster.run(["up", `--port=${free}`, `--site-port=${port}`, ...bare]);
  server.close();
  expect(answer.exit).toBe(6);
  expect(answer.error.message).toMatch(
    new RegExp(`^Port ${port} is in use by .*process ${process.pid}`),
  );
  expect(answer.error.hint).toMatch(/muster up --port \d+ --site-port 0$/);
  expect(site.error.message).toMatch(`Port ${port} is in use by `);
  expect(site.error.hint).toMatch(new RegExp(`muster up --port ${free} --site-port \\d+$`));
});

test.concurrent("a database that is unreadable or newer is refused and left as it is", async () => {
  await using muster = new Muster();
  const up = await muster.up();
  up.child.kill("SIGINT");
  await up.ended();
  const file = path.join(muster.home.data, "data.sqlite");
  const database = new DatabaseSync(file);
  database.exec("PRAGMA user_version = 9999");
  database.close();
  const before = readFileSync(file);
  expect(await muster.run(NOTHING)).toMatchObject({ error: { kind: "database_newer" } });
  expect(readFileSync(file).equals(before)).toBe(true);

  writeFileSync(file, "no database at all, but long enough to be one. ".repeat(10));
  const broken = await muster.run(NOTHING);
  expect(broken).toMatchObject({ exit: 1, error: { kind: "database_unreadable" } });
  expect(readFileSync(file, "utf8")).toContain("no database at all");
});

describe("one that runs", () => {
  let muster: Muster;
  let up: Running;
  beforeAll(async () => {
    muster = new Muster();
    up = muster.start([...NOTHING, "--json"]);
    await up.says('"ok":true');
  });
  afterAll(async () => await muster[Symbol.asyncDispose]());

  test("no secret is in its log or in what --json prints", () => {
    const { secret } = JSON.parse(readFileSync(muster.home.personCredential, "utf8")) as {
      secret: string;
    };
    const log = readFileSync(path.join(muster.home.logs, "up.log"), "utf8");
    expect(log + up.output).not.toContain(secret);
    expect(up.output).not.toContain("#code=");
  });

  test("a secret in a call that is refused stays out of the log", async () => {
    const secret = `muster_${"0f9e8d7c".repeat(8)}`;
    const code = "0f9e8d7c6b5a-0f9e8d7c6b5a43210f9e8d7c6b5a4321";
    for (const [fn, args] of [
      ["auth:exchange", { secret, unknown: "x".repeat(100_000) }],
      ["auth:redeemCode", { code }],
    ] as const) {
      const refused = await fetch(new URL("/api/action", await muster.url()), {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ path: fn, args, format: "json" }),
      });
      expect(await refused.text()).toContain("ArgumentValidationError");
    }
    const log = readFileSync(path.join(muster.home.logs, "up.log"), "utf8");
    expect(log).toContain("auth:redeemCode failed");
    expect(log).not.toContain(secret);
    expect(log).not.toContain(code);
    expect(log.length).toBeLessThan(20_000);
  });

  test("bin/muster runs from anywhere, privately, whatever NODE_OPTIONS says", async () => {
    const file = path.join(muster.home.bin, "muster");
    expect(statSync(file).mode & 0o777).toBe(0o700);
    const { stdout } = await execa(file, ["auth", "whoami", "--json"], {
      cwd: "/",
      env: { MUSTER_HOME: muster.home.root, NODE_OPTIONS: "--require /nowhere.cjs", PATH: "" },
      extendEnv: false,
    });
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, data: { kind: "person" } });
  });

  test("a second one is refused and told who runs, also when the first is not announced", async () => {
    const second = await muster.run(NOTHING);
    expect(second.exit).toBe(6);
    expect(second.error.message).toContain(`: process ${up.child.pid}, ${await muster.url()}.`);
    rmSync(muster.home.current);
    expect((await muster.run(NOTHING)).error.message).toBe(
      `Muster already runs on this data (process ${up.child.pid}).`,
    );
  });
});

test.concurrent("a daemon that outlived its killed up is adopted, and ends with the next one", async () => {
  await using muster = new Muster();
  const withDaemon = ["up", "--port", String(await freePort()), "--site-port", "0", "--no-demo"];
  const first = muster.start(withDaemon);
  await first.says("#code=");
  const before = await muster.call(["daemon", "status"]);
  first.child.kill("SIGKILL");
  await first.ended();
  const second = muster.start(withDaemon);
  await second.says("#code=");
  expect(second.output).toContain("This machine's daemon still runs: adopted.");
  expect((await muster.call(["daemon", "status"])).data["pid"]).toBe(before.data["pid"]);
  second.child.kill("SIGINT");
  expect(await second.ended()).toBe(0);
  expect((await muster.call(["daemon", "status"])).data).toEqual({ running: false });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}
