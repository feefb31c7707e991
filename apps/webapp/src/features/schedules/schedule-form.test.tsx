import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { harbor } from "../../test/cast.ts";
import { emptyDraft, preview } from "./request.ts";
import { ScheduleForm } from "./schedule-form.tsx";
import type { ScheduleFormProps } from "./schedule-form.tsx";

function show(props: Partial<ScheduleFormProps> = {}) {
  const onSubmit = vi.fn<ScheduleFormProps["onSubmit"]>();
  const all = { room: harbor, channels: ["dashboard/ada"], busy: false, problem: null, onSubmit };
  render(<ScheduleForm {...all} {...props} />);
  return onSubmit;
}
const type = (label: string, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
const choose = (name: RegExp) => fireEvent.click(screen.getByRole("radio", { name }));
const submit = () => fireEvent.click(screen.getByRole("button", { name: "Add the schedule" }));

test("a name is all that has to be typed: it looks around every half hour and tells the room alone", () => {
  const onSubmit = show();
  type("Name", "morning-round");
  submit();
  expect(onSubmit).toHaveBeenCalledWith({
    name: "morning-round",
    role: "planner",
    kind: "heartbeat",
    cadence: { type: "interval", everyMs: 1_800_000 },
    target: "none",
  });
});

test("a prompt by the clock carries its words, its zone, its quiet hours and its token", () => {
  const onSubmit = show();
  type("Name", "log-book");
  type("Role", "builder");
  choose(/Say this/u);
  type("What to say", "Write the log book.");
  choose(/By the clock/u);
  type("Cron expression", "0 9 * * 1-5");
  type("Time zone", "Europe/Berlin");
  type("News goes to", "dashboard/ada");
  fireEvent.click(screen.getByRole("switch", { name: "Quiet hours" }));
  type("From", "21:00");
  type("OK token", "ALL_QUIET");
  submit();
  expect(onSubmit.mock.calls[0]?.[0]).toMatchObject({
    role: "builder",
    kind: "prompt",
    prompt: "Write the log book.",
    cadence: { type: "cron", expression: "0 9 * * 1-5", zone: "Europe/Berlin" },
    target: "dashboard/ada",
    quietHours: { from: "21:00", to: "07:00" },
    okToken: "ALL_QUIET",
  });
});

test("a channel of somebody else is typed", () => {
  const onSubmit = show();
  type("News goes to", "another");
  type("Channel", "dashboard/linus");
  submit();
  expect(onSubmit.mock.calls[0]?.[0]).toMatchObject({ target: "dashboard/linus" });
});

test("a date is one moment, whatever the zone of whoever reads it", () => {
  const onSubmit = show();
  choose(/Once/u);
  type("Date and time, where you are", "2030-01-02T03:04");
  submit();
  const at = new Date("2030-01-02T03:04").getTime();
  expect(onSubmit.mock.calls[0]?.[0].cadence).toEqual({ type: "once", at });
});

test.each([
  ["Once", "Date and time, where you are", "Choose a date and a time."],
  ["By the clock", "Cron expression", "Write a cron expression, for example 0 9 * * 1-5."],
  ["By the clock", "Time zone", "Name a time zone, for example Europe/Berlin."],
  ["Every so often", "Every", "Say how often."],
])(
  "%s without its %s is not asked for, and the form says what is missing",
  (when, field, words) => {
    const onSubmit = show();
    choose(new RegExp(when, "u"));
    type(field, " ");
    submit();
    expect(onSubmit).not.toHaveBeenCalled();
    expect(screen.getByText(words).getAttribute("role")).toBe("alert");
    expect(screen.getByLabelText(field).getAttribute("aria-invalid")).toBe("true");
    choose(/Every so often/u);
    type("Every", "5");
    expect(screen.queryByText(words)).toBeNull();
    submit();
    expect(onSubmit).toHaveBeenCalledOnce();
  },
);

test("the one sentence of a refusal stands in the form", () => {
  show({ problem: "The interval is shorter than one minute." });
  expect(screen.getByText("The interval is shorter than one minute.").getAttribute("role")).toBe(
    "alert",
  );
});

test("what was filled in is said in words with its first tick, and only when it can be kept", () => {
  const draft = emptyDraft("planner", "UTC");
  expect(preview(draft, 0)).toBe("every 30 min, first at once");
  expect(preview({ ...draft, every: "0" }, 0)).toBeNull();
  expect(preview({ ...draft, type: "cron" }, 0)).toMatch(/^at 09:00 on weekdays, UTC, first /u);
  expect(preview({ ...draft, type: "cron", expression: "hello" }, 0)).toBeNull();
  expect(preview({ ...draft, type: "once" }, 0)).toBeNull();
});
