import type { Change } from "convex-local/in-process";
import type { World } from "../kernel/world.ts";
import type { Backend } from "../network/backend.ts";
import type { HttpReply, HttpRequest } from "../network/server.ts";

/** A document as it is stored; fields are read by those who know the schema. */
export type Document = { readonly _id: string } & Readonly<Record<string, unknown>>;

/** What a commit did to one document. */
export interface Written {
  readonly table: string;
  readonly before: Document | null;
  readonly after: Document | null;
}

/** A call that was answered with success, as the backend saw it. */
interface Answered {
  readonly path: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly value: unknown;
  readonly from: string;
  readonly pid: number;
}

export interface Rule {
  /** Called after each commit with all that it wrote. */
  readonly onCommit?: (written: readonly Written[]) => void;
  readonly onAnswer?: (answered: Answered) => void;
}

/** Everything that is stored, kept up to date commit by commit, for rules that look at what changed. */
export class Ledger {
  readonly world: World;
  readonly backend: Backend;
  readonly #documents = new Map<string, Map<string, Document>>();
  readonly #rules: Rule[] = [];
  readonly #batch: Change[] = [];
  commits = 0;
  /** What is told just now was committed by a backend that has died since: `now` is later than that. */
  isCatchingUp = false;

  constructor(world: World, backend: Backend) {
    this.world = world;
    this.backend = backend;
    backend.onCommit((changes) => this.#collect(changes));
    backend.onStart(() => this.#catchUp());
    backend.onReply((request, reply) => this.#answer(request, reply));
  }

  add(rule: Rule): void {
    this.#rules.push(rule);
  }

  /** What the backend takes for the present. */
  get now(): number {
    return this.backend.wallTime;
  }

  get(table: string, id: unknown): Document | undefined {
    return typeof id === "string" ? this.#documents.get(table)?.get(id) : undefined;
  }

  all(table: string): Iterable<Document> {
    return this.#documents.get(table)?.values() ?? [];
  }

  /** What was queued together is committed together: each commit of a batch shows what the last one left. */
  #collect(changes: readonly Change[]): void {
    if (this.#batch.length === 0) queueMicrotask(() => this.#commit(this.#batch.splice(0)));
    this.#batch.push(...changes);
  }

  #commit(changes: readonly Change[]): void {
    this.commits += 1;
    const written: Written[] = [];
    const last = new Map(changes.map((change) => [change.id, change]));
    for (const { table, id, document } of last.values()) {
      let known = this.#documents.get(table);
      if (known === undefined) this.#documents.set(table, (known = new Map()));
      const before = known.get(id) ?? null;
      const after = document === null ? null : (JSON.parse(document) as Document);
      if (after === null) known.delete(id);
      else known.set(id, after);
      written.push({ table, before, after });
    }
    for (const { onCommit } of this.#rules) onCommit?.(written);
  }

  /** The last commit of a backend that died was not told, but it counts. */
  #catchUp(): void {
    const missed: Change[] = [];
    const { deployment } = this.backend;
    // It may have written the first document of a table.
    for (const table of new Set([...deployment.engine.tableNames(), ...this.#documents.keys()]))
      for (const text of deployment.documents(table)) {
        const { _id: id } = JSON.parse(text) as Document;
        const before = this.get(table, id);
        if (before === undefined || JSON.stringify(before) !== text) {
          missed.push({ table, id, document: text });
        }
      }
    this.isCatchingUp = true;
    if (missed.length > 0) this.#commit(missed);
    this.isCatchingUp = false;
  }

  #answer({ path, body, from, pid }: HttpRequest, reply: HttpReply): void {
    if (path !== "/api/mutation" || reply.status !== 200) return;
    const { status, value } = JSON.parse(reply.body) as { status: string; value: unknown };
    if (status !== "success") return;
    const { path: name, args } = JSON.parse(body) as { path: string; args: [Answered["args"]] };
    for (const { onAnswer } of this.#rules)
      onAnswer?.({ path: name, args: args[0], value, from, pid });
  }
}
