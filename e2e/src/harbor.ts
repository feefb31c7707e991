import { execFileSync } from "node:child_process";
import { api, type Observer } from "./observer.ts";
import type { Product } from "./product.ts";

const harbor = { room: "harbor" };

/** Waits until everybody in the demo room has this status. */
export async function untilTeam(observer: Observer, status: string): Promise<void> {
  await observer.until(api.rooms.getTeamReadiness, harbor, ({ items }) =>
    items.every((seat) => seat.agentStatus === status),
  );
}

/** Waits until a role of the demo room works on a task; answers with its seat. */
export async function untilWorking(observer: Observer, role: string) {
  const { items } = await observer.until(api.rooms.getTeamReadiness, harbor, (team) =>
    team.items.some((seat) => seat.role === role && seat.agentStatus === "working"),
  );
  const seat = items.find((item) => item.role === role);
  if (seat?.pid === undefined || seat.pid === null) throw new Error(`${role} has no process`);
  return { ...seat, pid: seat.pid };
}

/** Waits for the builder's answers to the person; answers with their texts. */
export async function untilAnswered(observer: Observer, answers = 1): Promise<string[]> {
  const { items } = await observer.until(
    api.messages.list,
    harbor,
    (room) => room.items.filter(isAnswer).length >= answers,
  );
  return items.filter(isAnswer).map((message) => message.text);
}

function isAnswer(message: {
  type: string;
  target?: string | null;
  sender: { name: string };
}): boolean {
  return (
    message.type === "handoff" && message.target === "user" && message.sender.name === "builder"
  );
}

/** The hashes of the demo repository's commits that a task made, newest first. */
export function taskCommits(product: Product): string[] {
  const log = execFileSync("git", ["log", "--format=%H", "--grep=^Muster-Task: "], {
    cwd: product.repository,
    encoding: "utf8",
  });
  return log.split("\n").filter(Boolean);
}
