import { expect, test } from "vitest";
import { Agenda } from "../src/kernel/agenda.ts";
import { Freezer } from "../src/kernel/freezer.ts";

function begun() {
  const agenda = new Agenda();
  const happened: string[] = [];
  const pass = (end: number): void => {
    for (let next = agenda.next(end); next !== null; next = agenda.next(end)) next.run();
  };
  return { agenda, freezer: new Freezer(agenda), happened, pass };
}

test("what reaches somebody frozen happens at the thaw, in its order", () => {
  const { freezer, happened, pass } = begun();
  freezer.freeze();
  freezer.after(5, () => happened.push("timer"));
  freezer.act(() => happened.push("call"));
  pass(10);
  expect(happened).toEqual([]);
  freezer.thaw();
  pass(10);
  expect(happened).toEqual(["call", "timer"]);
});

test("a timer that is called off after its time never fires, though its owner was frozen then", () => {
  const { freezer, happened, pass } = begun();
  const callOff = freezer.after(5, () => happened.push("timer"));
  freezer.freeze();
  pass(10);
  callOff();
  freezer.thaw();
  pass(20);
  expect(happened).toEqual([]);
});
