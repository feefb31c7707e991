import { isWireError } from "@muster/core";
import type { WireError } from "@muster/core";
import type { Id } from "../convex/_generated/dataModel.js";
import { api, internal } from "../convex/_generated/api.js";
import type { Caller, Home } from "./home.ts";

/** The room harbor with ada, its owner, and her machine mini, whose daemon has registered. */
export type Harbor = {
  readonly home: Home;
  readonly ada: Caller;
  readonly adaSecret: string;
  readonly mini: Caller;
  readonly machineSecret: string;
  readonly machineId: Id<"machines">;
  readonly machineEpoch: number;
  readonly roomId: Id<"rooms">;
  readonly send: (text: string, to?: string) => Promise<Sent>;
  /** What the panel shows of a role. */
  readonly seat: (role: string) => Promise<SeatView>;
};
type Sent = typeof api.messages.send._returnType;
export type SeatView = (typeof api.rooms.getTeamReadiness._returnType)["items"][number];

const room = "harbor";
let keys = 0;
/** A request key that nobody has used. */
export const newKey = () => `key-${(keys += 1)}`;

export async function signIn(
  home: Home,
  secret: string,
  seat?: { room: string; role: string },
): Promise<Caller> {
  const args = seat === undefined ? { secret } : { secret, seat };
  const { token } = await home.nobody.action(api.auth.exchange, args);
  return home.withToken(token);
}

export async function openHarbor(home: Home): Promise<Harbor> {
  const made = await home.admin.mutation(internal.users.bootstrap, {
    owner: "ada",
    machine: "mini",
    mintPerson: true,
    mintMachine: true,
  });
  const adaSecret = made.personSecret ?? "";
  const ada = await signIn(home, adaSecret);
  const machineSecret = made.machineSecret ?? "";
  const mini = await signIn(home, machineSecret);
  const { machineId, epoch } = await mini.mutation(api.machines.register, registration);
  const { roomId } = await ada.mutation(api.rooms.create, {
    name: room,
    team: ["planner", "builder"],
    key: newKey(),
  });
  const send = (text: string, to?: string) =>
    ada.mutation(api.messages.send, {
      room,
      text,
      key: newKey(),
      ...(to === undefined ? {} : { to }),
    });
  const seat = async (role: string) => {
    const { items } = await ada.query(api.rooms.getTeamReadiness, { room });
    const found = items.find((item) => item.role === role);
    if (found === undefined) throw new Error(`${role} is not in the team`);
    return found;
  };
  return {
    home,
    ada,
    adaSecret,
    mini,
    machineSecret,
    machineId,
    machineEpoch: epoch,
    roomId,
    send,
    seat,
  };
}

export const registration = {
  name: "mini",
  os: "linux",
  harnesses: [{ name: "demo", version: "1" }],
  daemonVersion: "0.1.0",
};

/** Adds a role's agent that mini runs. */
export async function addRemote(harbor: Harbor, role: string): Promise<void> {
  await harbor.ada.mutation(api.agents.add, {
    room,
    role,
    type: "remote",
    harness: "demo",
    machineId: harbor.machineId,
  });
}

/** Somebody in a role: remembers its seat and its claim as a seat file would. */
export type Holder = {
  readonly caller: Caller;
  readonly holderId: string;
  readonly role: string;
  readonly epoch: number;
};

/** ada sits down in a role from her terminal. */
export async function sit(harbor: Harbor, role: string, holderId = `${role}-1`): Promise<Holder> {
  const caller = await signIn(harbor.home, harbor.adaSecret, { room, role });
  const { epoch } = await caller.mutation(api.participants.join, { room, role, holderId });
  return { caller, holderId, role, epoch };
}

/** mini begins a start of a role: the new epoch and the credential of the process. */
export async function initiate(harbor: Harbor, role: string) {
  const { epoch } = await harbor.seat(role);
  const event = { type: "restart_initiated" } as const;
  return await harbor.mini.mutation(api.participants.updateAgentStatus, {
    room,
    role,
    epoch,
    event,
  });
}

/** mini starts a role's process, and the process joins. */
export async function startRemote(harbor: Harbor, role: string): Promise<Holder> {
  const { epoch, agentSecret } = await initiate(harbor, role);
  const caller = await signIn(harbor.home, agentSecret ?? "");
  const holderId = `${role}-process-${epoch}`;
  await caller.mutation(api.participants.join, { room, role, holderId, epoch, pid: 4711 });
  return { caller, holderId, role, epoch };
}

/** mini reports that a role's process ended by itself. */
export async function crash(harbor: Harbor, { role, epoch }: Holder) {
  const tail = "segmentation fault";
  const event = {
    type: "process_exited",
    code: null,
    signal: "SIGSEGV",
    tail,
    asked: false,
  } as const;
  return await harbor.mini.mutation(api.participants.updateAgentStatus, {
    room,
    role,
    epoch,
    event,
  });
}

export async function beat({ caller, role, epoch, holderId }: Holder) {
  const seat = { room, role, epoch, holderId };
  return (await caller.mutation(api.participants.heartbeat, seat)).answer;
}

export async function next({ caller, role }: Holder): Promise<Id<"tasks"> | null> {
  return (await caller.query(api.tasks.next, { room, role }))?.taskId ?? null;
}

export type Claim = {
  readonly room: string;
  readonly role: string;
  readonly epoch: number;
  readonly taskId: Id<"tasks">;
  readonly token: string;
};

/** Claims the next task, or the one given. */
export async function claim(holder: Holder, taskId?: Id<"tasks">) {
  const { caller, role, epoch, holderId } = holder;
  const id = taskId ?? (await next(holder));
  if (id === null) throw new Error(`nothing is offered to ${role}`);
  const seat = { room, role, epoch };
  const { task, token } = await caller.mutation(api.tasks.claim, { ...seat, taskId: id, holderId });
  return { task, claim: { ...seat, taskId: id, token } satisfies Claim };
}

/** Claims the next task and starts it. */
export async function take(holder: Holder): Promise<Claim> {
  const taken = await claim(holder);
  await holder.caller.mutation(api.tasks.start, taken.claim);
  return taken.claim;
}

export async function handOff(holder: Holder, held: Claim, to: string, text = "go on") {
  const key = newKey();
  return await holder.caller.mutation(api.tasks.handOff, { ...held, to, text, key });
}

/** A running turn, with the fence of the task it is about. */
export type RunningTurn = {
  readonly holder: Holder;
  readonly held: Claim;
  readonly turnId: Id<"turns">;
};

export async function beginTurn(holder: Holder, held: Claim): Promise<RunningTurn> {
  const begun = { ...held, harness: "demo", key: newKey() };
  const { turnId } = await holder.caller.mutation(api.turns.begin, begun);
  return { holder, held, turnId };
}

type Event = (typeof api.turns.record._args)["events"][number];

/** Records texts, the first of them as the event number `from`. */
export async function record({ holder, turnId }: RunningTurn, from: number, texts: string[]) {
  const { role, epoch, caller } = holder;
  const events = texts.map((body): Event => ({ kind: "text", body }));
  return await caller.mutation(api.turns.record, { room, role, epoch, turnId, from, events });
}

export async function endTurn({ holder, turnId }: RunningTurn) {
  const { role, epoch, caller } = holder;
  const seat = { room, role, epoch };
  return await caller.mutation(api.turns.end, { ...seat, turnId, stopReason: "end_turn" });
}

export const OPTIONS = [
  { optionId: "yes", name: "Allow once", kind: "allow_once" },
  { optionId: "no", name: "Reject", kind: "reject_once" },
] satisfies (typeof api.approvals.ask._args)["options"];

/** The turn's harness asks whether it may run something. */
export async function ask({ holder, held, turnId }: RunningTurn, requestId = "1") {
  const question = { requestId, title: "Run make?", detail: "make all", options: OPTIONS };
  return await holder.caller.mutation(api.approvals.ask, { ...held, turnId, ...question });
}

export const DIFF = {
  base: "a1",
  head: "b2",
  commits: [{ hash: "b2", subject: "Light the lamp" }],
  files: [{ path: "lamp.ts", added: 1, removed: 0, patch: "@@ -0,0 +1 @@\n+light\n" }],
  totals: { commits: 1, files: 1, added: 1, removed: 0 },
  truncated: false,
};

/** The kind of the refusal that a call ends with; "accepted" when it does not. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  return (await refused(call)).kind;
}

/** The refusal that a call ends with, as whoever called reads it. */
export async function refused(call: Promise<unknown>): Promise<WireError | { kind: string }> {
  try {
    await call;
    return { kind: "accepted" };
  } catch (error) {
    const { data } = error as { data?: unknown };
    const refusal: unknown = typeof data === "string" ? JSON.parse(data) : data;
    return isWireError(refusal) ? refusal : { kind: `broke: ${String(error)}` };
  }
}
