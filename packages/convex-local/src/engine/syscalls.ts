import type { JSONValue } from "convex/values";
import { endOfPrefix } from "../values/key.ts";
import type { Document } from "./document.ts";
import type { UserAttributes } from "./engine.ts";
import { DeveloperError } from "./failure.ts";
import type { Files } from "./files.ts";
import type { FunctionDefinition, Functions } from "./functions.ts";
import { cancelJob, scheduleJob } from "./jobs.ts";
import type { Cursors } from "./query/cursor.ts";
import { type PageRequest, readPage } from "./query/page.ts";
import type { Query } from "./query/query.ts";
import { refusalOf } from "./refusal.ts";
import { DEPLOYMENT, pathOf, type Request, requestMetadata, textIn } from "./request.ts";
import type { SigningKey } from "./signing-key.ts";
import { QueryStream } from "./query/stream.ts";
import type { Transaction } from "./transaction.ts";

/** What syscalls need of the execution that makes them. */
export interface SyscallHost {
  readonly parts: {
    readonly functions: Functions;
    readonly transaction: Transaction;
    readonly cursors: Cursors;
    readonly files: Files;
    readonly signingKey: SigningKey;
    /** Timestamp of the last commit before it. */
    readonly snapshotTs: bigint;
    /** Where this query's page ended at its first run. */
    readonly journal?: string | null;
    /** The scheduled job that this execution is, or that the action is which called it. */
    readonly jobId?: string;
  };
  /** The end of the page that it read, if it paginated. */
  journal: string | null;
  /** A nested call: in the same transaction, and undone alone when it fails. */
  call(path: string, kind: "query" | "mutation", args: JSONValue, depth: number): string;
  userAttributes(): UserAttributes | null;
  /** The same for all that one call from outside runs. */
  requestId(): string;
}

const WRITES = new Set([
  "1.0/insert",
  "1.0/shallowMerge",
  "1.0/replace",
  "1.0/remove",
  "1.0/schedule",
  "1.0/cancel_job",
  "1.0/storageGenerateUploadUrl",
  "1.0/storageDelete",
  "1.0/storageStore",
  "1.0/signJwt",
]);

/** What one query or mutation asks of its host through `convex/server`. Requests and answers are Convex JSON. */
export class Syscalls {
  readonly #execution: SyscallHost;
  readonly #transaction: Transaction;
  readonly #definition: FunctionDefinition;
  readonly #depth: number;
  readonly #isReadOnly: boolean;
  readonly #streams = new Map<number, QueryStream>();

  constructor(
    execution: SyscallHost,
    definition: FunctionDefinition,
    depth: number,
    isReadOnly: boolean,
  ) {
    this.#execution = execution;
    this.#transaction = execution.parts.transaction;
    this.#definition = definition;
    this.#depth = depth;
    this.#isReadOnly = isReadOnly;
  }

  /** Answers JSON text. */
  perform(operation: string, request: Request): string {
    if (this.#isReadOnly && WRITES.has(operation)) {
      throw new DeveloperError(`Queries cannot write: ${operation} is for mutations.`);
    }
    switch (operation) {
      case "1.0/get":
        return this.#get(request);
      case "1.0/queryStreamNext":
        return this.#nextOfStream(request);
      case "1.0/queryCleanup":
        this.#streams.delete(Number(request["queryId"]));
        return "null";
      case "1.0/queryPage":
        return this.#page(request as unknown as PageRequest);
      case "1.0/count":
        return String(this.#count(textIn(request, "table")));
      case "1.0/insert":
        return this.#insert(textIn(request, "table"), request["value"] as Document);
      case "1.0/shallowMerge":
        this.#transaction.shallowMerge(this.#writableId(request), request["value"] as Document);
        return "null";
      case "1.0/replace":
        this.#transaction.replace(this.#writableId(request), request["value"] as Document);
        return "null";
      case "1.0/remove":
        return JSON.stringify(this.#transaction.remove(this.#writableId(request)));
      case "1.0/db/normalizeId":
        return this.#normalizeId(textIn(request, "table"), textIn(request, "idString"));
      case "1.0/runUdf":
        return this.#runUdf(request);
      case "1.0/schedule":
        return this.#schedule(request);
      case "1.0/cancel_job":
        cancelJob(this.#transaction, textIn(request, "id"), this.#execution.parts.jobId);
        return "null";
      case "1.0/storageGetUrl":
        return JSON.stringify(this.#files.url(this.#transaction, textIn(request, "storageId")));
      case "1.0/storageGetMetadata":
        return JSON.stringify(
          this.#files.metadata(this.#transaction, textIn(request, "storageId")),
        );
      case "1.0/storageGenerateUploadUrl":
        return JSON.stringify(this.#files.uploadUrl());
      case "1.0/storageStore":
        return JSON.stringify(this.#storeFile(request));
      case "1.0/storageGet":
        return JSON.stringify(
          this.#files.readWithin(this.#transaction, textIn(request, "storageId")),
        );
      case "1.0/storageDelete":
        this.#files.remove(this.#transaction, textIn(request, "storageId"));
        return "null";
      case "1.0/getUserIdentity":
        return JSON.stringify(this.#execution.userAttributes());
      case "1.0/signJwt":
        return JSON.stringify(this.#signJwt(request));
      case "1.0/getFunctionMetadata":
        return JSON.stringify({ name: this.#definition.path, componentPath: "" });
      case "1.0/createFunctionHandle":
        return JSON.stringify(`function://;${pathOf(request)}`);
      case "1.0/getRequestMetadata":
        return JSON.stringify(this.#requestMetadata());
      case "1.0/getDeploymentMetadata":
        return JSON.stringify(DEPLOYMENT);
      case "1.0/getTransactionMetrics":
        return JSON.stringify(this.#transaction.usage.metrics());
      case "1.0/getSnapshotTs":
        return JSON.stringify({ $integer: littleEndian(this.#execution.parts.snapshotTs) });
      default:
        throw refusalOf(operation);
    }
  }

  get #files(): Files {
    return this.#execution.parts.files;
  }

  #get(request: Request): string {
    const id = textIn(request, "id");
    this.#refuseOtherRealm(id, request["isSystem"] === true, request["table"]);
    return this.#transaction.getText(id) ?? "null";
  }

  /**
   * The first question of a query brings the query itself. The SDK asks a limited one to its end, so that one is answered at once, a line
   * for each answer. What has ended is forgotten.
   */
  #nextOfStream({ queryId, query }: Request): string {
    const id = Number(queryId);
    if (query !== undefined) {
      const asked = query as unknown as Query;
      const begun = new QueryStream(this.#transaction, asked);
      if (isLimited(asked)) return allOf(begun);
      this.#streams.set(id, begun);
    }
    const stream = this.#streams.get(id);
    if (stream === undefined) throw new DeveloperError("This query has already been closed.");
    const value = stream.next();
    if (value !== undefined) return answerWith(value);
    this.#streams.delete(id);
    return END;
  }

  #page(request: PageRequest): string {
    const execution = this.#execution;
    if (execution.journal !== null) {
      throw new DeveloperError(
        "A function may paginate only one query; use `.take` or `.collect` for others.",
      );
    }
    const endCursor = request.endCursor ?? execution.parts.journal ?? null;
    const { page, ...rest } = readPage(this.#transaction, execution.parts.cursors, {
      ...request,
      endCursor,
    });
    execution.journal = rest.continueCursor;
    return `{"page":[${page.join(",")}],${JSON.stringify(rest).slice(1)}`;
  }

  #count(tableName: string): number {
    const index = this.#transaction.parts.catalog.table(tableName)?.indexes.get("by_creation_time");
    const whole = { from: new Uint8Array(), to: endOfPrefix(new Uint8Array()) };
    this.#transaction.record(`${tableName}.by_creation_time`, () => whole);
    return index === undefined ? 0 : this.#transaction.parts.store.count(index.id);
  }

  #insert(tableName: string, value: Document): string {
    if (tableName.startsWith("_")) throw new DeveloperError(`Table ${tableName} is read-only.`);
    return JSON.stringify({ _id: this.#transaction.insert(tableName, value) });
  }

  #writableId(request: Request): string {
    const id = textIn(request, "id");
    this.#refuseOtherRealm(id, false, request["table"]);
    return id;
  }

  /** App tables and system tables have a reader each; neither reads the other's, and a named table has to be the id's own. */
  #refuseOtherRealm(id: string, isSystem: boolean, named: JSONValue | undefined): void {
    const table = this.#transaction.parts.catalog.tableOf(id);
    if (table === undefined) {
      const isId = this.#transaction.parts.catalog.isWellFormed(id);
      if (isId) return;
      throw new DeveloperError(`Invalid argument \`id\`: '${id}' is not an id.`);
    }
    if (table.name.startsWith("_") !== isSystem) {
      throw new DeveloperError(
        `${isSystem ? "App" : "System"} tables can only be accessed through \`db.${isSystem ? "" : "system."}\`.`,
      );
    }
    if (typeof named === "string" && named !== table.name) {
      throw new DeveloperError(`The id ${id} is of table \`${table.name}\`, not \`${named}\`.`);
    }
  }

  #normalizeId(tableName: string, id: string): string {
    return JSON.stringify({
      id: this.#transaction.parts.catalog.isIdOf(tableName, id) ? id : null,
    });
  }

  #runUdf(request: Request): string {
    const { udfType, args = {}, transactionLimits } = request;
    const kind = udfType === "mutation" ? "mutation" : "query";
    if (kind === "mutation" && this.#isReadOnly) {
      throw new DeveloperError("Queries cannot run mutations.");
    }
    if (udfType === "snapshotQuery" && this.#transaction.writes.length > 0) {
      throw new DeveloperError(
        "This runtime runs a query on the state before a mutation only as long as that mutation has written nothing.",
      );
    }
    const limits = (transactionLimits ?? {}) as Request;
    const call = () => this.#execution.call(pathOf(request), kind, args, this.#depth + 1);
    return this.#transaction.usage.within(limits, call);
  }

  #storeFile(request: Request): string {
    const { sha256 } = request;
    return this.#files.storeWithin(this.#transaction, {
      base64: textIn(request, "blob"),
      contentType: textIn(request, "contentType"),
      ...(typeof sha256 === "string" ? { digest: sha256 } : {}),
    });
  }

  #signJwt({ claims, expiresInSeconds }: Request): string {
    const { signingKey } = this.#execution.parts;
    return signingKey.sign(claims, expiresInSeconds, this.#transaction.parts.now);
  }

  #requestMetadata() {
    if (this.#isReadOnly) {
      throw new DeveloperError("Unknown async operation 1.0/getRequestMetadata in a query.");
    }
    return requestMetadata(this.#execution.requestId(), this.#execution.parts.jobId);
  }

  #schedule(request: Request): string {
    const job = { path: pathOf(request), args: request["args"] ?? {}, ts: Number(request["ts"]) };
    const { functions, jobId } = this.#execution.parts;
    return JSON.stringify(scheduleJob(this.#transaction, functions, job, jobId));
  }
}

const END = '{"value":null,"done":true}';
const answerWith = (document: string) => `{"value":${document},"done":false}`;

function isLimited({ operators }: Query): boolean {
  const last = operators.at(-1);
  return last !== undefined && "limit" in last;
}

function allOf(stream: QueryStream): string {
  let answers = "";
  for (let value = stream.next(); value !== undefined; value = stream.next())
    answers += `${answerWith(value)}\n`;
  return answers + END;
}

function littleEndian(value: bigint): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  return bytes.toString("base64");
}
