import type { Bug } from "./bug.ts";

const MODEL = "services/backend/convex/model";
const DAEMON = "packages/cli/src/daemon";

/** Mistakes that the simulation has to find. */
export const BUGS: readonly Bug[] = [
  {
    name: "any-token",
    sentence: "Whoever knows a task's id writes about it, with whatever token.",
    file: `${MODEL}/tasks/claims.ts`,
    find: "return task.tokenHash !== undefined && task.tokenHash === (await sha256(token));",
    replace: "return task.tokenHash !== undefined && (await sha256(token)) !== undefined;",
    rules: ["I1", "I2"],
    seed: 1,
  },
  {
    name: "late-report",
    sentence: "A report about an older process says that the new one has died.",
    file: `${MODEL}/machines/reports.ts`,
    find: "if (epoch !== participant.epoch) return",
    replace: "if (epoch > participant.epoch) return",
    rules: ["I5"],
    seed: 4,
  },
  {
    name: "stop-resurrected",
    sentence: "What people have stopped is started again when its process ends.",
    file: "packages/core/src/agent/lifecycle.ts",
    find: 'event.type === "restart_initiated" && event.desired === "running"',
    replace: 'event.type === "restart_initiated"',
    rules: ["stopped"],
    seed: 44,
  },
  {
    name: "leave-at-75",
    sentence: "Who will call again in a moment leaves the room until then.",
    file: "packages/cli/src/wait.ts",
    find: "await held.park();",
    replace: 'await (delivery === null ? held.leave("nothing yet") : held.park());',
    rules: ["parked"],
    seed: 4,
  },
  {
    name: "epoch-per-wait",
    sentence: "The holder that comes back begins a new epoch.",
    file: `${MODEL}/seats/seats.ts`,
    find: "if (participant.holderId !== undefined) return participant.holderId === holderId;",
    replace: "",
    rules: ["I6"],
    seed: 5,
  },
  {
    name: "no-away-rule",
    sentence: "After an outage of the backend everybody is dead whom nobody could hear.",
    file: `${MODEL}/deadlines/deadlines.ts`,
    find: "const awayUntil = late ? now : worker.awayUntil;",
    replace: "const awayUntil = late ? worker.awayUntil : worker.awayUntil;",
    rules: ["I5"],
    seed: 5,
  },
  {
    name: "start-before-gone",
    sentence: "The new process of an agent starts before the old one is gone.",
    file: `${DAEMON}/supervisor.ts`,
    find: `    await this.#effects.end(this.#agent, living);
    this.#agent =`,
    replace: `    void this.#effects.end(this.#agent, living);
    this.#agent =`,
    rules: ["I7"],
    seed: 8,
  },
  {
    name: "done-twice",
    sentence: "A task that is over is handed off once more.",
    file: `${MODEL}/tasks/handoffs.ts`,
    find: "if (!outcome.accepted) throw stale();",
    replace: 'if (!outcome.accepted && task.status !== "completed") throw stale();',
    rules: ["I4", "I2"],
    seed: 1,
  },
  {
    name: "token-outlives-task",
    sentence: "The token of a task that is over still opens it.",
    file: `${MODEL}/tasks/tasks.ts`,
    find: `    case "retireToken":
      patch.tokenHash = undefined;`,
    replace: `    case "retireToken":`,
    rules: ["I1"],
    seed: 1,
  },
  {
    name: "others-work-completed",
    sentence: "A handoff completes what the other roles of the room have in hand, too.",
    file: `${MODEL}/tasks/handoffs.ts`,
    find: "  if (done.tickId !== undefined) {\n    if (to === HUMAN_TARGET) {",
    replace: `  for (const other of await ctx.db.query("tasks").withIndex("by_roomId_and_createdAt", (q) => q.eq("roomId", room._id)).take(500))
    if (other.status === "in_progress") await advance(ctx, other, { type: "completeTask", tokenValid: true });
  if (done.tickId !== undefined) {
    if (to === HUMAN_TARGET) {`,
    rules: ["I4"],
    seed: 3,
  },
  {
    name: "exit-told-once",
    sentence: "An exit of which the room could not be told at once is never told.",
    file: `${DAEMON}/reports.ts`,
    find: "if (!mayPass(error)) throw error;",
    replace:
      'if (!mayPass(error)) throw error;\n        if (event.type === "process_exited") return { accepted: false, agentStatus: "dead", epoch };',
    rules: ["told"],
    seed: 1,
  },
  {
    name: "earlier-deadline-unarmed",
    sentence: "The deadline worker sleeps past a deadline that came earlier than its own.",
    file: `${MODEL}/deadlines/arming.ts`,
    find: "if (armedFor !== null && armedFor <= at) return;",
    replace: "if (armedFor !== null) return;",
    rules: ["I3"],
    seed: 1,
  },
  {
    name: "lease-moved-back",
    sentence: "A beat shortens the lease that it should renew.",
    file: "packages/core/src/lease.ts",
    find: "Math.max(lease.readyUntil, now + leaseLength(lease.phase, timing))",
    replace: "now + leaseLength(lease.phase, timing)",
    rules: ["I5"],
    seed: 2,
  },
  {
    name: "number-used-twice",
    sentence: "A notice gets the number that the last message has.",
    file: `${MODEL}/rooms/messages.ts`,
    find: "const seq = (before?.seq ?? 0) + 1;",
    replace: 'const seq = (before?.seq ?? 0) + (message.type === "notice" ? 0 : 1);',
    rules: ["I9"],
    seed: 2,
  },
  {
    name: "joined-starts-free",
    sentence: "Only starts that never joined use up the budget.",
    file: "packages/core/src/restart-budget.ts",
    find: "if (start.endedAt === undefined) continue;",
    replace: "if (start.endedAt === undefined || start.joinedAt !== undefined) continue;",
    rules: ["I8"],
    seed: 7,
  },
  {
    name: "token-not-kept",
    sentence: "A wait prints a task whose token is nowhere on disk.",
    file: "packages/cli/src/held-seat.ts",
    find: "await change(({ waiter: _waiter, ...rest }) => rest);",
    replace: "await change(({ waiter: _waiter, ...rest }) => freed(rest));",
    rules: ["safe"],
    seed: 5,
  },
  {
    name: "survivors-left",
    sentence: "What an agent has left behind lives on beside the next one.",
    file: `${DAEMON}/agent-process.ts`,
    find: "await endMarked(AGENT_MARKER, agent.marker, { sleep, withinMs: VANISH_MS });",
    replace: "",
    rules: ["I7"],
    seed: 89,
  },
  {
    name: "superseded-renewed",
    sentence: "A holder that lost its seat keeps it alive.",
    file: `${MODEL}/seats/beats.ts`,
    find: `  if (participant.epoch !== holder.epoch) return "superseded";
  if (participant.holderId === undefined) return "rejoin_required";
  if (participant.holderId !== holder.holderId) return "superseded";`,
    replace: 'if (participant.holderId === undefined) return "rejoin_required";',
    rules: ["I5"],
    seed: 4,
  },
  {
    name: "children-forgotten",
    sentence: "A daemon that comes back knows nothing of what it has started.",
    file: `${DAEMON}/records.ts`,
    find: "Array.isArray(agents) ? agents.filter(isRecord) : []",
    replace: "Array.isArray(agents) ? [] : []",
    rules: ["I7", "told"],
    seed: 2,
  },
  {
    name: "claimed-not-counted",
    sentence: "A start that is under way is asked for once more.",
    file: `${MODEL}/machines/commands.ts`,
    find: "(await open(ctx, agent)).find((command) => command.kind === kind);",
    replace:
      '(await open(ctx, agent)).find((command) => command.kind === kind && command.status === "pending");',
    rules: ["I11"],
    seed: 38,
  },
  {
    name: "message-sent-twice",
    sentence: "A message whose answer was lost is sent once more.",
    file: "services/backend/convex/messages.ts",
    find: 'await once(ctx, member.scope, "messages.send", key, () => sends.send(ctx, member, args));',
    replace: "await sends.send(ctx, member, args);",
    rules: ["I9"],
    seed: 3,
  },
  {
    name: "pid-is-enough",
    sentence: "A daemon takes any process with the pid of its agent for its agent.",
    file: "packages/cli/src/process-identity.ts",
    find: "return `${await bootId()}:${ticks}`;",
    replace: "return `${await bootId()}`;",
    rules: ["stranger", "liveness", "I7"],
    seed: 4,
  },
];

/** @throws TypeError for a name that no bug has */
export function bugNamed(name: string): Bug {
  const bug = BUGS.find((one) => one.name === name);
  if (bug !== undefined) return bug;
  throw new TypeError(`No bug is called ${name}: ${BUGS.map((one) => one.name).join(", ")}`);
}
