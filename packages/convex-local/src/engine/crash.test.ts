import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { FIXTURE, open, query, temporaryDirectory } from "../../test/engine.ts";

/** Sends messages as fast as they are answered, sixteen at a time, and prints each number once it is answered. */
const SENDER = `
  const [engineModule, functions, data] = process.argv.slice(1);
  const { openEngine } = await import(engineModule);
  const engine = await openEngine({ functions, data });
  const run = async (path, args) => (await engine.mutation({ path, args, identity: { kind: "none" }, caller: "internal" })).value;
  const room = await run("rooms:create", { name: "harbor" });
  const sender = async () => { for (;;) console.log(await run("messages:send", { room, text: "m" })); };
  for (let at = 0; at < 16; at++) void sender();
`;

test("whatever was answered before a SIGKILL is there after it, and nothing half", async () => {
  const data = temporaryDirectory();
  const engineModule = fileURLToPath(new URL("open.ts", import.meta.url));
  const args = ["--input-type=module", "-e", SENDER, engineModule, FIXTURE, data];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let answered = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    answered = Math.max(answered, Number(line));
    if (answered >= 300 && !child.killed) child.kill("SIGKILL");
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");

  const engine = await open({ data });
  const room = (query(engine, "rooms:find", { name: "harbor" }) as { _id: string })._id;
  const seqs = query(engine, "messages:between", { room, after: 0, upTo: 1e9 }) as number[];
  expect(seqs.length).toBeGreaterThanOrEqual(answered);
  expect(seqs).toEqual(seqs.map((_, at) => at + 1));
  expect(query(engine, "messages:list", { room })).toHaveLength(seqs.length);
});
