import { render } from "@testing-library/react";
import { expect, test } from "vitest";
import type { SeatEvent } from "#lib/backend.ts";
import { seat } from "../../test/cast.ts";
import { CrashLine } from "./crash-line.tsx";
import { crashesIn } from "./crashes.ts";

type Step = [event: string, to: SeatEvent["to"], reason?: string];
const KILLED: Step = ["process_exited", "dead", "its process was ended by SIGKILL"];
const AGAIN: Step = ["restart_initiated", "restarting"];
const JOINED: Step = ["join", "ready"];
const builder = seat({ role: "builder" });

/** What the backend tells of these steps, a second apart: the newest first. */
function told(...steps: Step[]): SeatEvent[] {
  let from: SeatEvent["from"] = "working";
  const events: SeatEvent[] = [];
  for (const [index, [event, to, reason = ""]] of steps.entries()) {
    const facts = { at: index * 1_000, event, from, to, reason, accepted: true };
    events.unshift({ ...facts, epoch: 1, reporter: null });
    from = to;
  }
  return events;
}

function lines(events: readonly SeatEvent[], whose = builder): (string | null)[] {
  return crashesIn(events).map(
    (crash) => render(<CrashLine seat={whose} crash={crash} />).container.textContent,
  );
}
const died = "builder died: its process was ended by SIGKILL.";

test("a crash is told at its moment with its reason, and what became of it", () => {
  expect(lines(told(KILLED))[0]).toContain(`${died} It is being started again.`);
  expect(lines(told(KILLED, AGAIN))[0]).toContain(`${died} It is being started again.`);
  expect(lines(told(KILLED, AGAIN, JOINED))[0]).toContain(`${died} It was started again.`);
  expect(crashesIn(told(JOINED, KILLED, AGAIN))[0]?.at).toBe(1_000);
});

test("starts that fail belong to the crash before them, until its machine gives up", () => {
  const failed: Step = ["restart_expired", "dead", "did not come up in time"];
  const gaveUp: Step = ["restart_exhausted", "dead_failed_revive", "gave up after 2 starts"];
  const all = lines(told(KILLED, AGAIN, failed, AGAIN, failed, gaveUp));
  expect(all).toHaveLength(1);
  expect(all[0]).toContain(`${died} Its machine gave up after 2 starts.`);
});

test("an agent that came back and crashes again is told again", () => {
  expect(lines(told(KILLED, AGAIN, JOINED, KILLED))).toHaveLength(2);
});

test("nobody is said to start an agent again that a person runs or has stopped", () => {
  for (const whose of [{ type: "custom" } as const, { desired: "stopped" } as const]) {
    const [line] = lines(told(KILLED), { ...builder, ...whose });
    expect(line).toContain(died);
    expect(line).not.toContain("again");
  }
});

test("what was refused, and an ordinary end, is no crash", () => {
  const late = told(KILLED).map((event) => Object.assign(event, { accepted: false }));
  expect(crashesIn([...told(["leave", "offline"]), ...late])).toEqual([]);
});
