import type { Document, Ledger, Rule } from "./ledger.ts";

const LATE_MS = 60_000;

/** I10: a due time is answered by one tick and at most one task, and no schedule stops by itself. */
export function ticks(ledger: Ledger): Rule {
  const { world } = ledger;
  const fired = new Set<string>();
  const tasks = new Set<unknown>();
  return {
    onCommit(written) {
      for (const { table, before, after } of written) {
        if (table === "ticks" && before === null && after?.["manual"] === false) {
          const due = `${String(after["scheduleId"])} ${String(after["dueAt"])}`;
          if (fired.has(due)) world.violate("I10", "a due time ticked twice");
          fired.add(due);
        }
        const tickId = table === "tasks" && before === null ? after?.["tickId"] : undefined;
        if (tickId !== undefined) {
          if (tasks.has(tickId)) world.violate("I10", "a tick made two tasks");
          tasks.add(tickId);
        }
        if (table === "scheduleStates" && after?.["stopped"] !== undefined) {
          world.violate("I10", `a schedule stopped by itself: ${JSON.stringify(after["stopped"])}`);
        }
      }
    },
  };
}

/** Schedules that should tick and will not, or have not in time. */
export function overdue(ledger: Ledger): string[] {
  return [...ledger.all("scheduleStates")].flatMap((state) => {
    const schedule = ledger.get("schedules", state["scheduleId"]);
    if (schedule === undefined || schedule["paused"] === true) return [];
    const next = state["nextDueAt"] as number | null;
    const { type } = schedule["cadence"] as { type: string };
    const name = String(schedule["name"]);
    if (next === null) return type === "once" && hasTicked(state) ? [] : [`${name} is not armed`];
    return next < ledger.now - LATE_MS ? [`${name} is late`] : [];
  });
}

function hasTicked(state: Document): boolean {
  return state["lastTickAt"] !== null;
}
