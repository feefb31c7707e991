import { fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Schedule, ScheduleSettings, Tick } from "#lib/backend.ts";
import { schedule, tick } from "../../test/cast.ts";
import { History } from "./history.tsx";
import { Limits } from "./limits.tsx";
import { runsWords } from "./schedule-link.tsx";
import { RoomSwitch } from "./room-switch.tsx";
import { ScheduleButtons } from "./schedule-buttons.tsx";
import { ScheduleItem } from "./schedule-item.tsx";
import type { Changes, Configure, ScheduleActions } from "./use-schedules.ts";
import { VisibilitySwitches } from "./visibility.tsx";

const MINUTE = 60_000;
const NOW = 1_000 * MINUTE;
beforeEach(() => vi.useFakeTimers({ now: NOW }));
afterEach(() => vi.useRealTimers());

const settings: ScheduleSettings = {
  on: false,
  enabled: true,
  visibility: { showOk: true, showAlerts: true, indicator: true },
  runsPerDay: 96,
  costPerDay: 5,
  idleDays: 14,
};

function configuring(problem: string | null = null) {
  const change = vi.fn<(changes: Changes) => Promise<boolean>>(() => Promise.resolve(true));
  return { change, configure: { busy: false, problem, change } satisfies Configure };
}

function item(changes: Partial<Schedule>): string {
  const { container } = render(
    <ul>
      <ScheduleItem schedule={schedule(changes)} room="harbor" buttons={null} />
    </ul>,
  );
  return container.textContent;
}

test("a room's switch is off at first and says what on would mean", () => {
  const { change, configure } = configuring();
  render(<RoomSwitch room="harbor" settings={settings} configure={configure} />);
  const power = screen.getByRole<HTMLInputElement>("switch", { name: "Schedules in harbor" });
  expect(power.checked).toBe(false);
  expect(screen.getByText(/^Off: no agent here acts unless somebody asks/u)).toBeTruthy();
  fireEvent.click(power);
  expect(change).toHaveBeenCalledWith({ on: true });
});

test("where the whole server is switched off, the room's switch says so", () => {
  render(<RoomSwitch room="harbor" settings={{ ...settings, enabled: false }} configure={null} />);
  expect(screen.getByText(/switched off on this server/u)).toBeTruthy();
  expect(screen.getByRole<HTMLInputElement>("switch").disabled).toBe(true);
});

test("only the limits that were changed are saved, and a refusal stands below them", () => {
  const { change, configure } = configuring("The runs of a day are a number from 1 to 1440.");
  render(<Limits settings={settings} configure={configure} />);
  expect(screen.queryByRole("button", { name: "Save the limits" })).toBeNull();
  fireEvent.change(screen.getByLabelText("Runs a day"), { target: { value: "0" } });
  fireEvent.click(screen.getByRole("button", { name: "Save the limits" }));
  expect(change).toHaveBeenCalledWith({ runsPerDay: 0 });
  expect(screen.getByText(/from 1 to 1440/u).getAttribute("role")).toBe("alert");
});

test("with nothing left to see it says that nothing runs", () => {
  const { change, configure } = configuring();
  const visibility = { showOk: false, showAlerts: false, indicator: true };
  const { rerender } = render(
    <VisibilitySwitches settings={{ ...settings, visibility }} configure={configure} />,
  );
  fireEvent.click(screen.getByRole("switch", { name: "Sign in the header" }));
  expect(change).toHaveBeenCalledWith({ visibility: { indicator: false } });
  rerender(
    <VisibilitySwitches
      settings={{ ...settings, visibility: { ...visibility, indicator: false } }}
      configure={configure}
    />,
  );
  expect(screen.getByText(/every tick is skipped/u)).toBeTruthy();
});

test("a schedule says who, when, what it last came to and when it is due, to the minute", () => {
  const text = item({
    nextDueAt: NOW + 12 * MINUTE,
    lastTick: { status: "skipped", reason: "nothing-due", outcome: null, at: NOW - 18 * MINUTE },
  });
  expect(text).toContain("builder looks around · every 30 min");
  expect(text).toContain("18m ago: looked, nothing due");
  expect(text).toContain("in 12 min");
  expect(screen.getByText("in 12 min").getAttribute("title")).toMatch(/1970/u);
});

test("a schedule by the clock is said in words, with its zone, its target and its quiet hours", () => {
  const text = item({
    kind: "prompt",
    prompt: "Write the log book",
    cadence: { type: "cron", expression: "0 9 * * 1-5", zone: "Europe/Berlin" },
    target: "owner",
    quietHours: { from: "22:00", to: "07:00", zone: "Europe/Berlin" },
  });
  expect(text).toContain("at 09:00 on weekdays, Europe/Berlin · tells the room's owner");
  expect(text).toContain("quiet from 22:00 to 07:00, Europe/Berlin");
  expect(text).toContain("Write the log book");
});

test("one that is late says since when, one that a brake stopped says why", () => {
  const late = item({ nextDueAt: NOW - 35 * MINUTE, expectedBy: NOW - 5 * MINUTE });
  expect(late).toContain("due now, late: it was expected 5 min ago");
  const stopped = item({ state: "stopped", stopped: { reason: "sign-in-failed", at: 0 } });
  expect(stopped).toContain("failed to sign in to its model three times in a row");
  expect(stopped).toContain("when it is resumed");
});

test("what it has come to is counted, and what never happened is not", () => {
  const { counts } = schedule();
  const busy = {
    ...counts,
    ticks: 14,
    wakes: 1,
    alerts: 1,
    cost: 0.5,
    skips: { busy: 1, capped: 12 },
  };
  expect(item({ counts: busy })).toContain(
    "14 ticks · 1 wake · 1 alert · 13 skips (12 capped, 1 busy) · cost 0.50",
  );
});

function buttons(changes: Partial<Schedule>, given: Partial<ScheduleActions> = {}) {
  const actions = {
    busy: false,
    problem: null,
    pause: vi.fn<ScheduleActions["pause"]>(),
    resume: vi.fn<ScheduleActions["resume"]>(),
    remove: vi.fn<ScheduleActions["remove"]>(),
    run: vi.fn<ScheduleActions["run"]>(() => Promise.resolve(undefined)),
    ...given,
  };
  render(
    <ScheduleButtons
      schedule={schedule(changes)}
      rights={["send", "manage"]}
      connected
      actions={actions}
    />,
  );
  return actions;
}
const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));

test("a schedule that ticks can be paused, one that was stopped resumed", () => {
  const { pause } = buttons({});
  press("Pause: morning-round");
  expect(pause).toHaveBeenCalledOnce();
  const { resume } = buttons({ name: "log-book", state: "stopped" });
  press("Resume: log-book");
  expect(resume).toHaveBeenCalledOnce();
  expect(screen.queryByRole("button", { name: "Pause: log-book" })).toBeNull();
});

test("removing takes a second press, and going elsewhere takes it back", () => {
  const { remove } = buttons({});
  press("Remove: morning-round");
  fireEvent.blur(screen.getByRole("button", { name: "Really remove: morning-round" }));
  expect(remove).not.toHaveBeenCalled();
  press("Remove: morning-round");
  press("Really remove: morning-round");
  expect(remove).toHaveBeenCalledOnce();
});

test("a run by hand that wakes nobody says why", async () => {
  const ran = { status: "skipped", reason: "agent-offline", detail: "builder is stopped" } as const;
  buttons({}, { run: () => Promise.resolve(ran) });
  press("Run now: morning-round");
  expect(
    await vi.waitFor(() =>
      screen.getByText("It ran and woke nobody: its agent cannot be woken (builder is stopped)."),
    ),
  ).toBeTruthy();
});

test("whoever may only read has no buttons", () => {
  const actions = { busy: false, problem: null } as ScheduleActions;
  render(<ScheduleButtons schedule={schedule()} rights={[]} connected actions={actions} />);
  expect(screen.queryAllByRole("button")).toEqual([]);
});

function history(changes: Partial<Tick>): string {
  const { container } = render(
    <History
      name="morning-round"
      room="harbor"
      schedule={schedule()}
      ticks={[tick(changes)]}
      buttons={null}
    />,
  );
  return container.querySelector("[data-tick]")?.textContent ?? "";
}

test("a tick in the history says what it looked at, what came of it and why nothing was sent", () => {
  const text = history({
    status: "ended",
    reason: null,
    outcome: "alert",
    missed: 3,
    manual: true,
    due: ["1 open in HEARTBEAT.md"],
    text: "The pier is loose.",
    withheld: "no-target",
    taskId: "k1" as NonNullable<Tick["taskId"]>,
  });
  expect(text).toContain("had news");
  expect(text).toContain("by hand · makes up for 3 missed ticks");
  expect(text).toContain("due: 1 open in HEARTBEAT.md");
  expect(text).toContain("not sent: there is nobody to send it to");
  expect(text).toContain("The pier is loose.");
  expect(screen.getByRole("link", { name: "its task" }).getAttribute("href")).toBe(
    "#/harbor/task/k1",
  );
});

test("a skipped tick gives its named reason in plain words", () => {
  expect(history({ reason: "quiet-hours" })).toContain("its quiet hours");
});

test("the address of a schedule that is gone says so", () => {
  render(<History name="gone" room="harbor" schedule={undefined} ticks={[]} buttons={null} />);
  expect(screen.getByText("There is no schedule gone in harbor")).toBeTruthy();
});

test("the header says that schedules run, unless none does or whoever looks does not want it said", () => {
  const on = { ...settings, on: true };
  const shown = settings.visibility;
  expect(runsWords(on, shown, [schedule(), schedule({ state: "paused" })])).toBe("1 active");
  expect(runsWords(settings, shown, [schedule()])).toBeNull();
  expect(runsWords(on, shown, [schedule({ state: "stopped" })])).toBeNull();
  expect(runsWords(on, { ...shown, indicator: false }, [schedule()])).toBeNull();
});
