import type { World } from "../kernel/world.ts";
import type { Process } from "../machine/process.ts";
import type { Rule } from "./ledger.ts";

const SEATS = "/home/ada/.muster/seats";

interface Wait {
  left: boolean;
  claim: { readonly holderId: string; readonly taskId: string } | null;
}

/** A claim whose answer is lost is made again, but not for ever. */
const MOST_CLAIMS = 40;

/**
 * `parked`: a wait that ends with a task, or with "call again", keeps its role. `safe`: the token of a task is in the seat's file
 * before anybody reads of the task, and so nobody claims the same attempt over and over.
 */
export function ends(world: World): Rule {
  const waits = new Map<string, Wait>();
  const claims = new Map<string, number>();
  world.onSpawn((spawned) => {
    const process = spawned as Process;
    const [, command, ...rest] = process.start.argv;
    if (process.start.program !== "muster" || command !== "wait-for-task") return;
    const wait: Wait = { left: false, claim: null };
    const key = keyOf(process.title, process.pid);
    waits.set(key, wait);
    process.onEnd(({ code }) => {
      waits.delete(key);
      if (code !== 0 && code !== 75) return;
      if (wait.left) world.violate("parked", `${process.title} ended with ${code} and left`);
      if (code === 0) checkFile(process, rest[rest.indexOf("--role") + 1] ?? "", wait);
    });
  });
  return {
    onAnswer({ path, args, value, from, pid }) {
      if (path === "tasks:claim") countClaim(value as Claimed);
      const wait = waits.get(keyOf(from, pid));
      if (wait === undefined) return;
      if (path === "participants:leave") wait.left = true;
      if (path === "tasks:claim") {
        const { task } = value as Claimed;
        wait.claim = { holderId: String(args["holderId"]), taskId: task.id };
      }
    },
  };

  function countClaim({ task: { id, role, attempt } }: Claimed): void {
    const key = `${id} ${attempt}`;
    const times = (claims.get(key) ?? 0) + 1;
    claims.set(key, times);
    if (times === MOST_CLAIMS) world.violate("safe", `${role} claimed one task ${times} times`);
  }

  function checkFile({ host, title }: Process, role: string, { claim }: Wait): void {
    if (claim === null) return;
    for (const folder of host.disk.list(SEATS)) {
      for (const file of host.disk.list(`${SEATS}/${folder}`)) {
        if (!file.endsWith(`.${role}.json`)) continue;
        const seat = JSON.parse(host.disk.read(`${SEATS}/${folder}/${file}`)) as Seat;
        if (seat.holderId !== claim.holderId || seat.taskId === claim.taskId) continue;
        world.violate("safe", `${title} printed a task whose token is not in its seat file`);
      }
    }
  }
}

interface Claimed {
  readonly task: { readonly id: string; readonly role: string; readonly attempt: number };
}

interface Seat {
  readonly holderId: string;
  readonly taskId?: string;
}

function keyOf(title: string, pid: number): string {
  return `${title} ${pid}`;
}
