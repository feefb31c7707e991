import { expect, it } from "vitest";
import { untilTeam, untilWorking } from "./harbor.ts";
import { api, Observer } from "./observer.ts";
import { Product } from "./product.ts";

it("Ctrl-C at npm start drains, and the next start finds the agents wanted and brings them back", async () => {
  await using product = await Product.installed();
  await product.npmStart();
  await using observer = new Observer(product);
  await untilTeam(observer, "ready");

  const seen = observer.record(api.rooms.getTeamReadiness, { room: "harbor" });
  product.interrupt();
  await product.ended();
  const last = seen.at(-1)?.items ?? [];
  expect(last.map(({ role, agentStatus, desired }) => ({ role, agentStatus, desired }))).toEqual([
    { role: "planner", agentStatus: "offline", desired: "running" },
    { role: "builder", agentStatus: "offline", desired: "running" },
  ]);

  await product.npmStart();
  await untilTeam(observer, "ready");
});

it("a second Ctrl-C, a second later, forces the end while an agent works", async () => {
  await using product = await Product.start();
  await using observer = new Observer(product);
  await untilTeam(observer, "ready");
  await product.muster("send", "--room", "harbor", "Paint the boat.");
  const builder = await untilWorking(observer, "builder");
  process.kill(builder.pid, "SIGSTOP");

  product.interrupt();
  const patience = setInterval(() => product.interrupt(), 1_200);
  expect(await product.ended()).toBe(130);
  clearInterval(patience);
  await product.up();
  await untilTeam(observer, "ready");
});

it("a TERM at npm alone, as a service manager sends it, drains too", async () => {
  await using product = await Product.installed();
  await product.npmStart("--no-demo");
  product.terminate();
  await product.ended();
  expect(product.output).toContain("Stopped.");
});
