import { isLive } from "@muster/core/agent/lifecycle";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { api } from "../backend/api.ts";
import type { Backend } from "../backend/connect.ts";
import { createRepository } from "../demo/repository.ts";
import { CliError } from "../errors.ts";
import type { Home } from "../home.ts";
import type { SeatView } from "../output/roster.ts";
import { newKey } from "../text.ts";

const ROOM = "drill";
const ROLE = "builder";
const LOOK_MS = 100;
const PATIENCE = { patienceMs: 30_000 };
/** How long the demo's builder may take for a task, or to be there, on a busy machine. */
const WORK_MS = 120_000;

/** The room of the drill with its one scripted agent, as a subscriber sees it. */
export class Scene {
  readonly roomId: string;
  readonly role = ROLE;
  readonly #backend: Backend;
  readonly #directory: string;
  readonly #signal: AbortSignal;
  readonly #unwatch: () => void;
  #seat: SeatView | null = null;
  #look: () => void = () => undefined;

  private constructor(backend: Backend, roomId: string, directory: string, signal: AbortSignal) {
    this.#backend = backend;
    this.roomId = roomId;
    this.#directory = directory;
    this.#signal = signal;
    signal.addEventListener("abort", () => this.#look());
    this.#unwatch = backend.watch(
      api.rooms.getTeamReadiness,
      { room: roomId },
      ({ items }) => {
        this.#seat = items.find(({ role }) => role === ROLE) ?? null;
        this.#look();
      },
      () => undefined,
    );
  }

  /** Opens the room, or the one of the last drill, and starts its agent. @throws CliError `conflict` if it has one */
  static async set(
    backend: Backend,
    { home, machineId, signal }: { home: Home; machineId: string; signal: AbortSignal },
  ): Promise<Scene> {
    const room = await roomOf(backend);
    const { items } = await backend.query(api.rooms.getTeamReadiness, { room });
    if (items.some(({ role, type }) => role === ROLE && type !== null)) {
      throw new CliError("conflict", `${ROLE} in the room ${ROOM} has an agent already.`, {
        hint: `If no other drill runs: muster agent remove --room ${ROOM} --role ${ROLE}`,
      });
    }
    const workingDir = join(home.demo, ROOM);
    await createRepository(workingDir);
    const agent = { room, role: ROLE, type: "remote", harness: "demo", machineId } as const;
    await backend.mutate(api.agents.add, { ...agent, workingDir });
    const scene = new Scene(backend, room, workingDir, signal);
    const there = await scene.until(({ agentStatus }) => agentStatus === "ready", WORK_MS);
    if (there !== null) return scene;
    await scene.strike();
    throw new CliError("conflict", "The drill's agent did not start.", {
      hint: "See why: muster explain drill",
    });
  }

  get seat(): SeatView | null {
    return this.#seat;
  }

  /** When (`performance.now`) the seat was seen like this; null after `withinMs`. @throws the signal's reason */
  async until(is: (seat: SeatView) => boolean, withinMs: number): Promise<number | null> {
    const { promise, resolve } = Promise.withResolvers<number | null>();
    const timer = setTimeout(() => resolve(null), withinMs);
    this.#look = () => {
      if (this.#signal.aborted) resolve(null);
      else if (this.#seat !== null && is(this.#seat)) resolve(performance.now());
    };
    this.#look();
    const at = await promise;
    clearTimeout(timer);
    this.#signal.throwIfAborted();
    return at;
  }

  /** Gives the agent a task and comes back while it works on it. */
  async work(): Promise<string> {
    const message = {
      room: this.roomId,
      text: "A drill: write down what was tried",
      key: newKey(),
    };
    const { taskId } = await this.#backend.mutate(api.messages.send, message, PATIENCE);
    const atWork = (seat: SeatView) => seat.currentTaskId === taskId && seat.activity !== null;
    await this.until(atWork, WORK_MS);
    return taskId;
  }

  /** Whether the task is finished and was answered exactly once; waits for it. */
  async finished(taskId: string): Promise<boolean> {
    const room = this.roomId;
    const ending = AbortSignal.timeout(WORK_MS);
    for (let status = ""; status !== "completed";) {
      this.#signal.throwIfAborted();
      if (ending.aborted) return false;
      await sleep(LOOK_MS);
      status = await this.#backend.query(api.tasks.get, { room, taskId }).then(
        (task) => task.status,
        () => "",
      );
    }
    await this.until(({ agentStatus }) => agentStatus === "ready", WORK_MS);
    const { items } = await this.#backend.query(api.messages.list, { room });
    return items.filter((said) => said.type === "handoff" && said.taskId === taskId).length === 1;
  }

  /** Whether the backend itself, asked anew, shows machine and agent alive. */
  async isWell(): Promise<boolean> {
    const { items } = await this.#backend.query(api.rooms.getTeamReadiness, { room: this.roomId });
    const seat = items.find(({ role }) => role === ROLE);
    return seat?.machineConnected === true && isLive(seat.agentStatus);
  }

  /** Takes the agent and its repository away and archives the room, which the next drill opens again. */
  async strike(): Promise<void> {
    this.#unwatch();
    const room = this.roomId;
    await this.#backend.mutate(api.agents.remove, { room, role: ROLE }, PATIENCE);
    await this.#backend.mutate(api.rooms.archive, { room }, PATIENCE);
    await rm(this.#directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

async function roomOf(backend: Backend): Promise<string> {
  const { items } = await backend.query(api.rooms.list, { archived: true });
  const known = items.find(({ name }) => name === ROOM);
  if (known !== undefined) {
    await backend.mutate(api.rooms.unarchive, { room: known._id });
    return known._id;
  }
  const room = { name: ROOM, team: [ROLE], entryRole: ROLE, key: newKey() };
  return (await backend.mutate(api.rooms.create, room)).roomId;
}
