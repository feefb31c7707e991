import type { Command } from "commander";
import { api } from "../backend/api.ts";
import type { Backend } from "../backend/connect.ts";
import type { Handler, Invocation, Runs } from "../invocation.ts";
import { eventLines, turnLine, turnLines } from "../output/turns.ts";
import type { TurnEventView, TurnView } from "../output/turns.ts";
import { asCaller, roleOf, roomOf, type SeatOptions } from "../session.ts";
import { abortWhenAsked } from "../signals.ts";
import { Changes } from "./changes.ts";
import { howMany, withSeat } from "./options.ts";

interface LogsOptions extends SeatOptions {
  readonly follow?: boolean;
  readonly limit: number;
}

const PAGE = 100;

const logs: Handler<LogsOptions> = async (invocation, options) => {
  const room = roomOf(invocation, options);
  const role = roleOf(invocation, options);
  const backend = await asCaller(invocation);
  if (options.follow === true) {
    await follow(invocation, backend, { room, role, limit: options.limit });
    return null;
  }
  const turn = await backend.query(api.turns.latest, { room, role });
  if (turn === null) {
    return { data: { turn, items: [] }, summary: `${role} has had no turn yet.` };
  }
  const asked = { room, turnId: turn._id, limit: options.limit };
  const { items } = await backend.query(api.turns.events, asked);
  return {
    data: { turn, items },
    summary: `${items.length} events of ${role}'s last turn`,
    lines: [turnLine(turn, Date.now()), ...turnLines(items, turn.dropped)],
  };
};

interface Following {
  readonly room: string;
  readonly role: string;
  readonly limit: number;
}

/** Prints events as they come, from turn to turn, until somebody ends it. @throws what the backend refuses */
async function follow(invocation: Invocation, backend: Backend, what: Following): Promise<void> {
  const { room, role } = what;
  const asked = abortWhenAsked();
  const changed = new Changes<TurnView | null>();
  const stop = backend.watch(
    api.turns.latest,
    { room, role },
    (turn) => changed.tell(turn),
    (error) => changed.end(error),
  );
  asked.addEventListener("abort", () => changed.end());
  const reader = new TurnReader(invocation, backend, what);
  try {
    for (;;) {
      const turn = await changed.next();
      if (turn === undefined) return;
      if (turn === null) invocation.progress(`${role} has had no turn yet.`);
      else await reader.catchUp(turn);
    }
  } finally {
    stop();
  }
}

/** Where one reader is in a role's turns. */
class TurnReader {
  readonly #invocation: Invocation;
  readonly #backend: Backend;
  readonly #what: Following;
  #turn: TurnView | null = null;
  #seq = 0;
  /** How each tool stood when it was last shown: only a change is news. */
  readonly #tools = new Map<string, string>();

  constructor(invocation: Invocation, backend: Backend, what: Following) {
    this.#invocation = invocation;
    this.#backend = backend;
    this.#what = what;
  }

  async catchUp(turn: TurnView): Promise<void> {
    const before = this.#turn;
    if (before !== null && before._id !== turn._id) await this.#readOn(before._id);
    if (before?._id !== turn._id) {
      this.#seq = Math.max(0, before === null ? turn.events - this.#what.limit : 0);
      this.#tools.clear();
      await this.#say({ turn }, [turnLine(turn, Date.now())]);
    }
    this.#turn = turn;
    await this.#readOn(turn._id);
    const ended = before?._id === turn._id && before.status === "running";
    if (ended && turn.status === "ended") await this.#say({ turn }, [turnLine(turn, Date.now())]);
  }

  async #readOn(turnId: string): Promise<void> {
    for (;;) {
      const asked = { room: this.#what.room, turnId, after: this.#seq, limit: PAGE };
      const { items } = await this.#backend.query(api.turns.events, asked);
      for (const event of items) {
        await this.#say(event, this.#isNews(event) ? eventLines(event) : []);
        this.#seq = event.seq;
      }
      if (items.length < PAGE) return;
    }
  }

  #isNews(event: TurnEventView): boolean {
    if (event.kind !== "tool") return true;
    const { id, status } = event.body;
    if (this.#tools.get(id) === status) return false;
    this.#tools.set(id, status);
    return true;
  }

  async #say(data: unknown, lines: ReturnType<typeof eventLines>): Promise<void> {
    if (lines.length === 0 && !this.#invocation.json) return;
    await this.#invocation.announce({ data, summary: "", lines });
  }
}

export function addAgentLogs(agent: Command, runs: Runs): void {
  withSeat(agent.command("logs"))
    .description("what it does in its running or last turn")
    .option("-f, --follow", "go on with what comes, turn after turn")
    .option("--limit <count>", "begin with at most so many events", howMany, PAGE)
    .action(runs(logs));
}
