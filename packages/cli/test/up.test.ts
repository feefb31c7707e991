import { once } from "node:events";
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { readCurrent } from "../src/backend/address.ts";
import { Muster } from "./muster.ts";

const NOTHING = ["up", "--port", "0", "--site-port", "0", "--no-daemon", "--no-demo"];

test("Ctrl-C once drains and ends with 0; the next start finds everything again", async () => {
  await using muster = new Muster();
  const first = await muster.up();
  await muster.run(["room", "create", "harbor", "--team", "planner"]);
  const secret = readFileSync(muster.home.personCredential, "utf8");
  first.child.kill("SIGINT");
  first.child.kill("SIGINT");
  expect(await first.ended()).toBe(0);
  expect(await readCurrent(muster.home)).toBeNull();

  await muster.up();
  const rooms = await muster.run(["room", "list"]);
  expect(rooms.data).toMatchObject({ items: [{ name: "harbor" }] });
  const kept = JSON.parse(readFileSync(muster.home.personCredential, "utf8")) as object;
  expect(kept).toEqual({ ...(JSON.parse(secret) as object), backend: await muster.url() });
});

test("down ends it from another terminal, and says so when nothing runs", async () => {
  await using muster = new Muster();
  const up = await muster.up();
  expect(await muster.run(["down"])).toMatchObject({ exit: 0, data: { stopped: true } });
  expect(await up.ended()).toBe(0);
  expect(await muster.run(["down"])).toMatchObject({ exit: 0, data: { stopped: false } });
});

test("after SIGKILL nothing acknowledged is missing, and a start on the same data goes on", async () => {
  await using muster = new Muster();
  const up = await muster.up();
  await muster.run(["room", "create", "harbor", "--team", "planner"]);
  const sent = await muster.run(["send", "--room", "harbor", "keep this"]);
  up.child.kill("SIGKILL");
  await up.ended();
  await muster.up();
  const seat = ["--room", "harbor", "--role", "planner"];
  const task = await muster.run(["wait-for-task", ...seat, "--timeout", "20"]);
  expect(task.data).toMatchObject({ task: { id: sent.data["taskId"] } });
});

test("a second one on the same data is refused and names the first", async () => {
  await using muster = new Muster();
  const up = await muster.up();
  const second = await muster.run(NOTHING.slice());
  expect(second.exit).toBe(6);
  expect(second.error.message).toContain(`process ${up.child.pid}, ${await muster.url()}`);
  rmSync(muster.home.current);
  const unannounced = await muster.run(NOTHING.slice());
  expect(unannounced.error.message).toBe(
    `Muster already runs on this data (process ${up.child.pid}).`,
  );
});

test("a port in use: who has it, and another one that is free", async () => {
  await using muster = new Muster();
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const answer = await muster.run([
    "up",
    "--port",
    String(port),
    "--site-port",
    "0",
    "--no-daemon",
    "--no-demo",
  ]);
  server.close();
  expect(answer.exit).toBe(6);
  expect(answer.error.message).toMatch(
    new RegExp(`^Port ${port} is in use by .*process ${process.pid}`),
  );
  expect(answer.error.hint).toMatch(/muster up --port \d+ --site-port \d+$/);
});

test("a database that is unreadable or newer is refused and left as it is", async () => {
  await using muster = new Muster();
  const up = await muster.up();
  up.child.kill("SIGINT");
  await up.ended();
  const file = path.join(muster.home.data, "data.sqlite");
  const database = new DatabaseSync(file);
  database.exec("PRAGMA user_version = 9999");
  database.close();
  const before = readFileSync(file);
  expect(await muster.run(NOTHING.slice())).toMatchObject({ error: { kind: "database_newer" } });
  expect(readFileSync(file).equals(before)).toBe(true);

  writeFileSync(file, "no database at all, but long enough to be one. ".repeat(10));
  const broken = await muster.run(NOTHING.slice());
  expect(broken).toMatchObject({ exit: 1, error: { kind: "database_unreadable" } });
  expect(readFileSync(file, "utf8")).toContain("no database at all");
});

test("bin/muster runs from anywhere, privately, whatever NODE_OPTIONS says", async () => {
  await using muster = new Muster();
  const up = await muster.up();
  const { execa } = await import("execa");
  const file = path.join(muster.home.bin, "muster");
  expect(statSync(file).mode & 0o777).toBe(0o700);
  const env = { MUSTER_HOME: muster.home.root, NODE_OPTIONS: "--require /nowhere.cjs", PATH: "" };
  const { stdout } = await execa(file, ["auth", "whoami", "--json"], {
    cwd: "/",
    env,
    extendEnv: false,
  });
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, data: { kind: "person" } });
  up.child.kill("SIGINT");
  await up.ended();
});

test("no secret is in a log or in what --json prints", async () => {
  await using muster = new Muster();
  const up = muster.start([...NOTHING, "--json"]);
  await up.says('"ok":true');
  expect(up.output).not.toContain("#code=");
  const { secret } = JSON.parse(readFileSync(muster.home.personCredential, "utf8")) as {
    secret: string;
  };
  const log = readFileSync(path.join(muster.home.logs, "up.log"), "utf8");
  expect(log + up.output).not.toContain(secret);
});
