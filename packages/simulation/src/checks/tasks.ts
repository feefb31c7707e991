import { isLive, isTerminal } from "@muster/core";
import type { AgentStatus, TaskStatus } from "@muster/core";
import type { Document, Ledger, Rule, Written } from "./ledger.ts";

const BY_TOKEN = new Set([
  "tasks:start",
  "tasks:complete",
  "tasks:handOff",
  "turns:begin",
  "tasks:resume",
]);
const ENDS = new Set(["tasks:complete", "tasks:handOff"]);

/** I1, I3, I4: who may write about a task, who has it, and that it ends once. */
export function tasks(ledger: Ledger): Rule {
  const { world } = ledger;
  const tokens = new Map<string, string>();
  const completions = new Map<string, number>();
  const handoffs = new Map<string, number>();
  return {
    onCommit(written) {
      for (const one of written) {
        const { table, before, after } = one;
        if (table === "messages" && before === null && after?.["type"] === "handoff") {
          count(handoffs, after["taskId"]);
        }
        if (table === "tasks" && after !== null) {
          if (after["status"] === "completed" && before?.["status"] !== "completed") {
            if (count(completions, after._id) > 1) world.violate("I4", `${name(after)} twice`);
          }
          checkTerminal(ledger, after);
        }
      }
      checkAuthors(ledger, written);
      for (const task of touched(ledger, written)) checkHeld(ledger, task);
    },
    onAnswer({ path, args, value, from }) {
      const id = args["taskId"] as string;
      if (path === "tasks:claim") tokens.set(id, (value as { token: string }).token);
      if (!BY_TOKEN.has(path)) return;
      const known = tokens.get(id);
      if (known !== undefined && args["token"] !== known) {
        world.violate("I1", `${path} of ${from} was accepted with an outdated token`);
      }
      if (ENDS.has(path) && (handoffs.get(id) ?? 0) > 1) {
        world.violate("I4", `${from} handed a task off twice`);
      }
    },
  };
}

const ENDING = [" tasks.complete", " tasks.handOff", " schedules.respond"];

/** A task is completed by a call about it: its answer is kept in the same commit. */
function checkAuthors({ world }: Ledger, written: readonly Written[]): void {
  const completed = written.filter(
    ({ table, before, after }) =>
      table === "tasks" &&
      after?.["status"] === "completed" &&
      before !== null &&
      before["status"] !== "completed",
  );
  const calls = written.filter(
    ({ table, before, after }) =>
      table === "answers" &&
      before === null &&
      ENDING.some((what) => String(after?.["scope"]).endsWith(what)),
  );
  if (completed.length > calls.length) {
    world.violate("I4", `${completed.length} tasks were completed by ${calls.length} calls`);
  }
}

function count(counts: Map<string, number>, key: unknown): number {
  const sum = (counts.get(key as string) ?? 0) + 1;
  counts.set(key as string, sum);
  return sum;
}

function name(task: Document): string {
  return `a task of ${String(task["role"])} (${String(task["status"])})`;
}

function checkTerminal({ world }: Ledger, task: Document): void {
  const status = task["status"] as TaskStatus;
  const over = isTerminal(status) && status !== "dead_letter";
  if (over && task["tokenHash"] !== undefined) world.violate("I1", `${name(task)} has a token`);
}

/** The tasks that a commit wrote, and those whose holder it wrote. */
function touched(ledger: Ledger, written: readonly Written[]): Set<Document> {
  const found = new Set<Document>();
  for (const { table, before, after } of written) {
    if (table === "tasks" && after !== null) found.add(after);
    if (table !== "participants") continue;
    for (const side of [before, after]) {
      const task = ledger.get("tasks", side?.["currentTaskId"]);
      if (task !== undefined) found.add(task);
    }
  }
  return found;
}

/** Nobody's task, somebody's who lives, or watched: never forgotten. */
function checkHeld(ledger: Ledger, task: Document): void {
  const status = task["status"] as TaskStatus;
  if (status !== "acknowledged" && status !== "in_progress") return;
  const holder = [...ledger.all("participants")].find(
    ({ roomId, role }) => roomId === task["roomId"] && role === task["role"],
  );
  const holds =
    holder !== undefined &&
    holder["epoch"] === task["epoch"] &&
    holder["currentTaskId"] === task._id &&
    isLive(holder["agentStatus"] as AgentStatus);
  if (!holds && task["dueAt"] === undefined) {
    ledger.world.violate("I3", `${name(task)} is held by nobody who lives`);
  }
}
