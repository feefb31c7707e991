import type { JSONValue } from "convex/values";
import { patienceOf } from "./clock.ts";
import { Undo } from "./committer.ts";
import type { FunctionCall, Identity, Outcome } from "./engine.ts";
import { attributesOf, refuseArguments, refuseResult, uncaught } from "./execution.ts";
import { DeveloperError } from "./failure.ts";
import type { FunctionDefinition, Functions } from "./functions.ts";
import { cancelJob, scheduleJob } from "./jobs.ts";
import { LogLines } from "./log-lines.ts";
import { asFailure, failed, succeeded } from "./outcome.ts";
import type { Queries } from "./sharing/queries.ts";
import type { Runner } from "./runner.ts";
import { refusalOf } from "./refusal.ts";
import { DEPLOYMENT, pathOf, type Request, requestMetadata, textIn } from "./request.ts";
import { reachable } from "./reachable.ts";
import { readWithin } from "./streamed-answer.ts";

type Invocable = { invokeAction(requestId: string, args: string): Promise<string> };
type Endpoint = { invokeHttpAction(request: globalThis.Request): Promise<Response> };
type Router = { lookup(path: string, method: string): [Endpoint, string, string] | null };

interface BlobRequest {
  readonly blob: Blob;
  readonly options?: { readonly sha256?: string };
  readonly storageId: string;
}

/** The action that asks. */
interface Asking {
  readonly identity: Identity;
  readonly path: string;
  readonly jobId: string | undefined;
  readonly requestId: string;
}

/** Runs actions and http actions on the host. Each of their calls into the database is a transaction of its own. */
export class Actions {
  readonly #runner: Runner;
  readonly #queries: Queries;
  readonly #running = new Set<Promise<unknown>>();
  #isAbandoned = false;

  constructor(runner: Runner, queries: Queries) {
    this.#runner = runner;
    this.#queries = queries;
  }

  /** The process dies: no running action hears from the database again. */
  abandon(): void {
    this.#isAbandoned = true;
  }

  /** `jobId` names the scheduled job that this action is. */
  async action(call: FunctionCall, jobId?: string): Promise<Outcome> {
    const logs = new LogLines();
    this.#runner.calls.add("action");
    const begin = this.#runner.runs.begin("action", call.path, call.identity);
    const outcome = await this.#outcome(call, logs, jobId);
    this.#runner.runs.ended(begin, outcome);
    return outcome;
  }

  async #outcome(call: FunctionCall, logs: LogLines, jobId: string | undefined): Promise<Outcome> {
    try {
      const definition = reachable(this.#runner.parts.functions(), call, "action");
      const isIdOf = this.#runner.parts.catalog.isIdOf;
      refuseArguments(call.args, definition, isIdOf);
      const text = await this.#track(this.#invoke(definition, call, logs, jobId));
      refuseResult(text, definition, isIdOf);
      return succeeded(text, logs.lines);
    } catch (error) {
      return failed(error, logs.lines, this.#runner.parts.random);
    }
  }

  async httpAction(request: globalThis.Request, identity: Identity): Promise<Response | undefined> {
    const functions = this.#runner.parts.functions();
    const router = functions.actions.modules["http"]?.["default"] as Router | undefined;
    const [endpoint, method, route] =
      router?.lookup(new URL(request.url).pathname, request.method) ?? [];
    if (endpoint === undefined) return undefined;
    this.#runner.calls.add("httpAction");
    const logs = new LogLines();
    const begin = this.#runner.runs.begin("httpAction", `${method} ${route}`, identity);
    const run = this.#run(identity, logs, "http", undefined);
    try {
      const response = await this.#track(
        functions.actions.within(run, () => endpoint.invokeHttpAction(request)),
      );
      this.#runner.runs.ended(begin, { logLines: logs.lines });
      return readWithin(response, (work) => functions.actions.within(run, work));
    } catch (thrown) {
      const { trace, response } = crashed(thrown, functions);
      this.#runner.runs.ended(begin, { logLines: logs.lines, errorMessage: trace });
      return response;
    }
  }

  /** Resolves when no action runs, or after `patience` milliseconds. */
  async settle(patience: number): Promise<void> {
    if (this.#running.size === 0) return;
    const { promise: tooLong, resolve } = Promise.withResolvers<void>();
    const cancel = patienceOf(this.#runner.parts.clock).after(patience, resolve);
    await Promise.race([Promise.allSettled(this.#running), tooLong]);
    cancel();
  }

  async #invoke(
    definition: FunctionDefinition,
    call: FunctionCall,
    logs: LogLines,
    jobId?: string,
  ): Promise<string> {
    const { actions } = this.#runner.parts.functions();
    const invocable = actions.modules[definition.module]?.[definition.export] as Invocable;
    const run = this.#run(call.identity, logs, definition.path, jobId);
    try {
      return await actions.within(run, () =>
        invocable.invokeAction("", JSON.stringify([call.args])),
      );
    } catch (thrown) {
      const described = describe(thrown);
      throw uncaught(described, actions.stacks.frames(described.stack));
    }
  }

  #run(identity: Identity, logs: LogLines, path: string, jobId: string | undefined) {
    const requestId = Buffer.from(this.#runner.parts.random.bytes(8)).toString("hex");
    const asking = { identity, path, jobId, requestId };
    return {
      log: (level: string, parts: readonly unknown[]) => logs.add(level, parts),
      syscall: (operation: string, text: string) =>
        this.#whileAlive(() => this.#perform(operation, JSON.parse(text) as Request, asking)),
      jsSyscall: (operation: string, request: BlobRequest) =>
        this.#whileAlive(() => this.#transfer(operation, request)),
    };
  }

  /** Calls whose arguments and answers are no JSON. */
  async #transfer(operation: string, request: BlobRequest): Promise<unknown> {
    const { files } = this.#runner.parts;
    switch (operation) {
      case "storage/storeBlob":
        return await files.storeBlob(request.blob, request.options?.sha256);
      case "storage/getBlob":
        return await files.blob(request.storageId);
      default:
        throw refusalOf(operation);
    }
  }

  async #perform(
    operation: string,
    request: Request,
    { identity, path, jobId, requestId }: Asking,
  ): Promise<string> {
    const call = () =>
      ({
        path: pathOf(request),
        args: request["args"] ?? {},
        identity,
        caller: "internal",
      }) as const;
    const { files } = this.#runner.parts;
    switch (operation) {
      case "1.0/actions/query": {
        const asked = this.#queries.one(call());
        // Without an await for what is there at once: a simulated run keeps its order.
        return valueOf(asked instanceof Promise ? await asked : asked);
      }
      case "1.0/actions/mutation":
        return valueOf(await this.#runner.mutation(call(), undefined, jobId));
      case "1.0/actions/action":
        return valueOf(await this.action(call(), jobId));
      case "1.0/actions/schedule":
        return JSON.stringify(await this.#schedule(request, jobId));
      case "1.0/actions/cancel_job":
        await this.#inTransaction((transaction) =>
          cancelJob(transaction, textIn(request, "id"), jobId),
        );
        return "null";
      case "1.0/storageGetUrl":
        return JSON.stringify(
          await this.#inTransaction((transaction) =>
            files.url(transaction, textIn(request, "storageId")),
          ),
        );
      case "1.0/storageGetMetadata":
        return JSON.stringify(
          await this.#inTransaction((transaction) =>
            files.metadata(transaction, textIn(request, "storageId")),
          ),
        );
      case "1.0/storageGenerateUploadUrl":
        return JSON.stringify(files.uploadUrl());
      case "1.0/storageDelete":
        await this.#inTransaction((transaction) =>
          files.remove(transaction, textIn(request, "storageId")),
        );
        return "null";
      case "1.0/getUserIdentity":
        return JSON.stringify(attributesOf(identity));
      case "1.0/getFunctionMetadata":
        return JSON.stringify({ name: path, componentPath: "" });
      case "1.0/getRequestMetadata":
        return JSON.stringify(requestMetadata(requestId, jobId));
      case "1.0/getDeploymentMetadata":
        return JSON.stringify(DEPLOYMENT);
      case "1.0/createFunctionHandle":
        return JSON.stringify(`function://;${pathOf(request)}`);
      default:
        throw refusalOf(operation);
    }
  }

  #schedule(request: Request, jobId: string | undefined): Promise<string> {
    const job = { path: pathOf(request), args: request["args"] ?? {}, ts: Number(request["ts"]) };
    return this.#inTransaction((transaction) =>
      scheduleJob(transaction, this.#runner.parts.functions(), job, jobId),
    );
  }

  async #inTransaction<T>(
    work: Parameters<Runner["parts"]["committer"]["submit"]>[0] & ((...args: never) => T),
  ): Promise<T> {
    const { value } = await this.#runner.parts.committer.submit((transaction) => {
      try {
        return work(transaction as never) as T;
      } catch (error) {
        if (error instanceof DeveloperError) throw new Undo(error);
        throw error;
      }
    });
    if (value instanceof DeveloperError) throw value;
    return value;
  }

  /** An action that outlives its process, because nothing can end it, must not learn of that: what it asks stays open. */
  #whileAlive<T>(ask: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#isAbandoned) return;
      ask().then(
        (value) => this.#isAbandoned || resolve(value),
        (cause: unknown) => this.#isAbandoned || reject(cause),
      );
    });
  }

  #track<T>(running: Promise<T>): Promise<T> {
    const tracked = running.finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
    return tracked;
  }
}

function valueOf(outcome: Outcome): string {
  if (!outcome.success) throw asFailure(outcome);
  return JSON.stringify(outcome.value);
}

function describe(thrown: unknown) {
  const { name = "Error", message = String(thrown), stack } = (thrown ?? {}) as Partial<Error>;
  const described = { name, message, stack };
  const data = thrown instanceof Object && "data" in thrown ? thrown.data : undefined;
  const isConvexError = thrown instanceof Object && Symbol.for("ConvexError") in thrown;
  return isConvexError && typeof data === "string" ? { ...described, data } : described;
}

function crashed(thrown: unknown, functions: Functions): { trace: string; response: Response } {
  const described = describe(thrown);
  const frames = functions.actions.stacks.frames(described.stack);
  const trace = [`Uncaught ${described.name}: ${described.message}`, ...frames].join("\n");
  const data = "data" in described ? { data: JSON.parse(described.data) as JSONValue } : {};
  const body = { code: "InternalServerError", trace, ...data };
  return { trace, response: Response.json(body, { status: 500 }) };
}
