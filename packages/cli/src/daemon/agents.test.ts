import { access, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { ProcessIdentity } from "../process-identity.ts";
import { AGENT_MARKER, findMarked } from "./marker.ts";
import { redact } from "./redact.ts";
import { World } from "./world.fixture.ts";

let world: World;

beforeAll(async () => {
  world = await World.begin();
  await world.startDaemon();
});

afterAll(async () => await world.end());

/** The demo's script that works on a task, once there is one. */
async function scriptOn(taskId: string): Promise<ProcessIdentity> {
  return await vi.waitFor(async () => {
    for (const worker of await findMarked("MUSTER_TASK", taskId)) {
      if ((await readFile(`/proc/${worker.pid}/cmdline`, "utf8")).includes("builder.ts"))
        return worker;
    }
    throw new Error("nobody works on it");
  }, 20_000);
}

async function gone(variable: string, value: string): Promise<void> {
  const look = async () => expect(await findMarked(variable, value)).toEqual([]);
  await vi.waitFor(look, { interval: 20, timeout: 5_000 });
}

test.concurrent("a message is planned by one process, built and committed by another, and answered", async () => {
  const harbor = await world.room({ planner: "demo", builder: "demo" });

  await harbor.send("Write a haiku, mend the net and tell ada");
  const answer = await harbor.message(({ target }) => target === "user");

  const [commit] = await harbor.plans();
  expect(answer.text).toContain(commit?.slice(0, 10));
  expect(answer.text).toContain("1 file changed");
});

test.concurrent.each(["the harness", "the agent"])(
  "kill -9 of %s in the middle of a task, and it still ends with one commit",
  async (victim) => {
    const harbor = await world.room({ builder: "demo" });
    const taskId = await harbor.send("Write a haiku");
    await harbor.message(({ text }) => text.startsWith("Writing"));
    const { now } = await harbor.until("builder", "working");

    const { pid } = victim === "the agent" ? now : await scriptOn(taskId);
    process.kill(pid ?? 0, "SIGKILL");
    await harbor.until("builder", "dead");
    await harbor.message(({ target }) => target === "user");

    expect((await harbor.seat("builder"))?.lastExit).toMatchObject(
      victim === "the agent" ? { code: null, signal: "SIGKILL" } : { code: 70, signal: null },
    );
    expect(await harbor.plans()).toHaveLength(1);
    expect(await harbor.taskStatus(taskId)).toBe("completed");
    await gone("MUSTER_TASK", taskId);
  },
);

test.concurrent("a person's kill is seen as a crash, and the agent comes back by itself", async () => {
  const harbor = await world.room({ builder: "demo" });
  await harbor.until("builder", "ready");

  await harbor.order("kill", "builder");
  const { seen } = await harbor.until("builder", "dead");
  await harbor.until("builder", "ready");

  expect(seen).toEqual(["ready", "dead"]);
  expect(await harbor.history("builder")).toEqual([
    "restart_initiated",
    "join",
    "process_exited",
    "restart_initiated",
    "join",
  ]);
});

test.concurrent("an agent that is suspended past its lease is shown dead, and goes on with its task as itself", async () => {
  const harbor = await world.room({ builder: "demo" });
  const taskId = await harbor.send("Write a haiku");
  await harbor.message(({ text }) => text.startsWith("Writing"));
  const { now } = await harbor.until("builder", "working");

  process.kill(-(now.pid ?? 0), "SIGSTOP");
  await harbor.until("builder", "dead");
  expect(await harbor.taskStatus(taskId)).toBe("pending");
  process.kill(-(now.pid ?? 0), "SIGCONT");
  await harbor.message(({ target }) => target === "user");

  expect(await harbor.plans()).toHaveLength(1);
  expect(await harbor.timesSaid("Writing")).toBe(1);
  expect(await harbor.seat("builder")).toMatchObject({ pid: now.pid, epoch: now.epoch });
  expect(await harbor.history("builder")).not.toContain("process_exited");
});

test.concurrent("what a harness finishes while its agent is suspended past its lease is answered, once", async () => {
  const harbor = await world.room({ builder: "waits" });
  const taskId = await harbor.send("Mend the net");
  const { now } = await harbor.until("builder", "working");
  await vi.waitFor(async () => await access(join(harbor.workingDir, "prompt")), 5_000);

  process.kill(now.pid ?? 0, "SIGSTOP");
  await harbor.until("builder", "dead");
  await writeFile(join(harbor.workingDir, "go"), "");
  await gone("MUSTER_TASK", taskId);
  process.kill(now.pid ?? 0, "SIGCONT");
  await harbor.message(({ target }) => target === "user");

  expect(await harbor.taskStatus(taskId)).toBe("completed");
  expect(await harbor.timesSaid("Mended.")).toBe(1);
});

test.concurrent("an agent that is stopped while it works leaves with all that it has started, and stays stopped", async () => {
  const harbor = await world.room({ builder: "works" });
  const taskId = await harbor.send("Mend the net");
  const { now } = await harbor.until("builder", "working");
  const environment = await readFile(`/proc/${now.pid}/environ`, "latin1");
  const marker = new RegExp(`${AGENT_MARKER}=(\\w+)`).exec(environment)?.[1] ?? "";

  await harbor.order("stop", "builder");
  await harbor.until("builder", "offline");
  await gone(AGENT_MARKER, marker);
  await harbor.send("One more");

  expect(await harbor.seat("builder")).toMatchObject({
    desired: "stopped",
    agentStatus: "offline",
  });
  expect(await harbor.taskStatus(taskId)).toBe("pending");
  expect(await harbor.history("builder")).not.toContain("process_exited");
});

test.concurrent("a harness that is missing ends in giving up, with the reason, before anybody waits for it", async () => {
  const harbor = await world.room({ builder: "missing" });

  const { now } = await harbor.until("builder", "dead_failed_revive");

  expect(now.lastExit?.tail).toBe(
    "missing cannot be used: there is no program muster-no-such-program on this machine.",
  );
  expect(now.reason).toBe("gave up after 1 start");
});

test.concurrent("an agent whose directory is gone is given up at once, and comes back when it is there", async () => {
  const harbor = await world.room({ builder: "answers" });
  await harbor.until("builder", "ready");
  await harbor.order("stop", "builder");
  await harbor.until("builder", "offline");
  await rename(harbor.workingDir, `${harbor.workingDir}-away`);

  await harbor.order("start", "builder");
  const { now } = await harbor.until("builder", "dead_failed_revive");
  expect(now.reason).toBe("gave up after 1 start");
  expect(now.lastExit?.tail).toBe(`the working directory ${harbor.workingDir} does not exist`);
  await rename(`${harbor.workingDir}-away`, harbor.workingDir);
  await harbor.order("start", "builder");

  await harbor.until("builder", "ready");
});

test.concurrent("an agent that never opens is ended at its deadline and told of with its harness's words", async () => {
  const harbor = await world.room({ builder: "mute" });

  const { now } = await harbor.until("builder", "dead");

  expect(now.lastExit?.tail).toContain("it did not join within 3 s");
  expect(now.lastExit?.tail).toContain("waiting for a key");
});

test.concurrent("a harness that dies in every task is stopped by the task's limit, and people are told", async () => {
  const harbor = await world.room({ builder: "dies" });

  const taskId = await harbor.send("Mend the net");
  await harbor.message(({ type, text }) => type === "notice" && text.includes("recoveries"));

  expect(await harbor.taskStatus(taskId)).toBe("dead_letter");
});

test.concurrent("an answer without a handoff goes to whoever asked", async () => {
  const harbor = await world.room({ builder: "answers" });

  const taskId = await harbor.send("Mend the net");
  const answer = await harbor.message(({ type }) => type === "handoff");

  expect(answer).toMatchObject({ text: "The net is mended.", target: "user" });
  expect(await harbor.taskStatus(taskId)).toBe("completed");
  expect(await readFile(join(harbor.workingDir, "prompt"), "utf8")).toContain("Mend the net");
});

test.concurrent("a turn that fails is news for the room and no crash", async () => {
  const harbor = await world.room({ builder: "fails" });

  await harbor.send("Mend the net");
  const answer = await harbor.message(({ type }) => type === "handoff");
  await harbor.until("builder", "ready");

  expect(answer.text).toBe("fails failed with exit code 3.\n\nno key");
  expect(await harbor.history("builder")).not.toContain("process_exited");
});

test.concurrent("no secret is in an agent's environment or command line, and its seat file is private", async () => {
  const harbor = await world.room({ builder: "demo" });
  const { now } = await harbor.until("builder", "ready");

  const environment = await readFile(`/proc/${now.pid}/environ`, "latin1");
  const argv = await readFile(`/proc/${now.pid}/cmdline`, "latin1");
  const log = await readFile(join(world.home.logs, "daemon.log"), "utf8");

  const names = environment.split("\0").map((entry) => entry.split("=")[0] ?? "");
  expect(new Set(names.filter((name) => name.startsWith("MUSTER_")))).toEqual(
    new Set([
      "MUSTER_AGENT_MARKER",
      "MUSTER_DEMO_PACE_MS",
      "MUSTER_HOME",
      "MUSTER_ROLE",
      "MUSTER_ROOM",
      "MUSTER_URL",
    ]),
  );
  const { secret } = JSON.parse(await readFile(world.home.machineCredential, "utf8")) as {
    secret: string;
  };
  for (const text of [environment, argv, log]) expect(text).not.toContain(secret);
  expect(redact(`a program prints ${secret} here`)).toBe("a program prints [redacted] here");
});

test.concurrent("an agent is woken when its HEARTBEAT.md has news, and not again while nothing changes", async () => {
  const harbor = await world.room({ builder: "answers" });
  await harbor.until("builder", "ready");
  await harbor.schedule("builder");
  // The schedule's own: from here on there are only those by hand.
  await harbor.tickThat("skipped");
  const file = join(harbor.workingDir, "HEARTBEAT.md");
  /** A report is at most one beat old. */
  const untilTicked = async (expected: object) =>
    await vi.waitFor(async () => expect(await harbor.tick()).toMatchObject(expected), {
      interval: 50,
      timeout: 10_000,
    });
  await untilTicked({ status: "skipped", reason: "missing-file" });

  await writeFile(file, "# Watch\n\nThe tide table on the pier.\n");
  await untilTicked({ status: "woken" });
  await harbor.message(({ target }) => target === "user");
  expect(await readFile(join(harbor.workingDir, "prompt"), "utf8")).toContain("The tide table");
  await untilTicked({ status: "skipped", reason: "nothing-due" });

  await writeFile(file, "# Watch\n\nThe tide table on the pier.\n- [ ] the net\n");
  await untilTicked({ status: "woken" });
  await writeFile(file, "# Watch\n\n- [x] the net\n");
  await untilTicked({ status: "skipped", reason: "empty-file" });

  expect(await harbor.timesSaid("The net is mended.")).toBe(1);
});
