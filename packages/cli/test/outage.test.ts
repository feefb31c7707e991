import { afterAll, beforeAll, expect, test } from "vitest";
import { conductTask } from "../src/agent-run/conduct.ts";
import { openDesk } from "../src/agent-run/desk.ts";
import type { Adapter } from "../src/adapters/adapter.ts";
import { connect } from "../src/backend/connect.ts";
import { personCredential } from "../src/backend/credential.ts";
import type { Clock } from "../src/daemon/clock.ts";
import { nextDelivery } from "../src/delivery.ts";
import { sitDown } from "../src/held-seat.ts";
import { CuttingLink } from "./cutting-link.ts";
import { Muster } from "./muster.ts";

let muster: Muster;
beforeAll(async () => {
  muster = new Muster();
  await muster.up([], { MUSTER_TIMING: "fast" });
});
afterAll(async () => await muster[Symbol.asyncDispose]());

/** Time passes as fast as it is slept through. */
class Asleep implements Clock {
  #now = 0;
  /** Called with the time after each sleep. */
  onWake: (now: number) => void = () => undefined;

  now(): number {
    return this.#now;
  }

  random(): number {
    return 0;
  }

  async sleep(ms: number): Promise<void> {
    this.#now += ms;
    this.onWake(this.#now);
    await Promise.resolve();
  }
}

const MINUTES = 5 * 60_000;

test("a turn that ends in an outage of minutes is answered after it, and given once", async () => {
  const [room, role] = ["harbor", "builder"];
  await muster.call(["room", "create", room, "--team", role]);
  await muster.call(["send", "--room", room, "Mend the net"]);
  const person = await personCredential(muster.home, await muster.url());
  if (person === null) throw new Error("nobody is signed in");
  await using link = await CuttingLink.open(await muster.url(), "nothing");
  const clock = new Asleep();
  const credential = { ...person, backend: link.url, seat: { room, role } };
  const backend = connect({ home: muster.home, credential, clock });
  const { held } = await sitDown({ home: muster.home, backend, room, role });
  const signal = new AbortController().signal;
  const delivery = await nextDelivery({ backend, held, heldTaskId: null, signal });
  let prompts = 0;
  const adapter: Adapter = {
    remembers: false,
    open: async () => await Promise.resolve({ fresh: true }),
    prompt: async () => {
      prompts += 1;
      link.down();
      return await Promise.resolve({ text: "Mended.", stopReason: "end_turn" });
    },
    cancel: () => undefined,
    close: async () => await Promise.resolve(),
  };
  clock.onWake = (now) => {
    if (now > MINUTES) link.up();
  };

  await conductTask(
    {
      backend,
      held,
      desk: openDesk(backend, held.seat),
      adapter,
      harness: "scripted",
      repository: { home: muster.home, url: link.url, workingDir: muster.home.root, path: "" },
      prompt: async (text) => await Promise.resolve(text),
      signal,
      onStarted: () => undefined,
    },
    delivery,
  );

  const { data } = await muster.call(["messages", "--room", room]);
  const said = (data["items"] as { type: string; text: string }[]).map(({ text }) => text);
  expect(said.filter((text) => text === "Mended.")).toHaveLength(1);
  expect(prompts).toBe(1);
  await backend.close();
});
