import type { JSONValue } from "convex/values";
import { Randomness } from "../realm/randomness.ts";
import type { RealmResult } from "../realm/realm.ts";
import type { Thrown } from "../realm/host.ts";
import { mismatch } from "../values/validator.ts";
import type { Clock, RandomSource } from "./clock.ts";
import type { Identity, UserAttributes } from "./engine.ts";
import { DeveloperError } from "./failure.ts";
import { mistakeOr } from "./refusal.ts";
import type { FunctionDefinition } from "./functions.ts";
import { LogLines } from "./log-lines.ts";
import { type SyscallHost, Syscalls } from "./syscalls.ts";

export type ExecutionParts = SyscallHost["parts"] & {
  readonly identity: Identity;
  readonly clock: Clock;
  readonly random: RandomSource;
};

const DEEPEST_CALL = 8;

/** One run of a query or mutation with all that it calls, in one transaction. */
export class Execution implements SyscallHost {
  readonly parts: ExecutionParts;
  readonly now: number;
  readonly logs = new LogLines();
  observedIdentity = false;
  observedTime = false;
  journal: string | null = null;
  readonly #randomness: Randomness;
  #requestId: string | undefined;
  /** What broke below the functions; it ends the execution, whatever they make of it. */
  #fault: { error: unknown } | undefined;

  constructor(parts: ExecutionParts) {
    this.parts = parts;
    this.now = parts.transaction.parts.now;
    this.#randomness = new Randomness(() => parts.random.bytes(32));
  }

  /** Answers the result as JSON text. Throws a DeveloperError for what functions do wrong, anything else for faults below. */
  run(definition: FunctionDefinition, args: JSONValue): string {
    return this.#invoke(definition, args, 0, definition.kind === "query");
  }

  call(path: string, kind: "query" | "mutation", args: JSONValue, depth: number): string {
    const definition = this.parts.functions.find(path);
    if (definition === undefined || definition.kind !== kind) {
      throw new DeveloperError(`Could not find a ${kind} named '${path}'.`);
    }
    if (depth > DEEPEST_CALL) {
      throw new DeveloperError(`Functions call each other more than ${DEEPEST_CALL} levels deep.`);
    }
    if (kind === "query") return this.#invoke(definition, args, depth, true);
    return this.parts.transaction.nested(() => this.#invoke(definition, args, depth, false));
  }

  requestId(): string {
    this.#requestId ??= Buffer.from(this.parts.random.bytes(8)).toString("hex");
    return this.#requestId;
  }

  /** The claims of the caller, as `ctx.auth.getUserIdentity()` answers them. */
  userAttributes(): UserAttributes | null {
    this.observedIdentity = true;
    return attributesOf(this.parts.identity);
  }

  #invoke(
    definition: FunctionDefinition,
    args: JSONValue,
    depth: number,
    isReadOnly: boolean,
  ): string {
    const { transaction, functions } = this.parts;
    const isIdOf = transaction.parts.catalog.isIdOf;
    const argsText = refuseArguments(args, definition, isIdOf);
    const syscalls = new Syscalls(this, definition, depth, isReadOnly);
    const call = {
      kind: definition.kind as "query" | "mutation",
      module: definition.module,
      export: definition.export,
      args: `[${argsText}]`,
    };
    const host = {
      syscall: (operation: string, request: string) => this.#answer(syscalls, operation, request),
      log: (level: string, parts: readonly unknown[]) => this.logs.add(level, parts),
      now: () => {
        this.observedTime = true;
        return this.now;
      },
      random: () => this.#randomness.number(),
      randomBytes: (length: number) => this.#randomness.bytes(length),
    };
    const result = functions.realm(depth).run(call, host);
    if (this.#fault !== undefined) throw this.#fault.error;
    const text = this.#resultOf(result, definition);
    refuseResult(text, definition, isIdOf);
    return text;
  }

  /** Nothing but text crosses into the realm: a failure becomes text, a fault is kept for the end. */
  #answer(syscalls: Syscalls, operation: string, request: string): string {
    if (this.#fault !== undefined) return failure("The transaction has ended.");
    try {
      return `+${syscalls.perform(operation, JSON.parse(request) as Record<string, JSONValue>)}`;
    } catch (error) {
      if (error instanceof DeveloperError) return failure(error.message, error.data);
      this.#fault = { error: mistakeOr(error, operation) };
      return failure("The transaction has ended.");
    }
  }

  #resultOf(result: RealmResult, { path }: FunctionDefinition): string {
    switch (result.kind) {
      case "returned":
        return result.text;
      case "threw":
        throw uncaught(result.thrown, this.parts.functions.stacks.frames(result.thrown.stack));
      default:
        throw new DeveloperError(`Function ${path} awaits something that never settles.`);
    }
  }
}

export function attributesOf(identity: Identity): UserAttributes | null {
  if (identity.kind === "user") return identity.attributes;
  return (identity.kind === "admin" ? identity.actingAs : undefined) ?? null;
}

/** What left a function, with its trace in the source files. */
export function uncaught(thrown: Thrown, frames: readonly string[]): DeveloperError {
  const message = [`Uncaught ${thrown.name}: ${thrown.message}`, ...frames].join("\n");
  return new DeveloperError(
    message,
    thrown.data === undefined ? undefined : (JSON.parse(thrown.data) as JSONValue),
  );
}

/** Of arguments and results, in bytes of JSON. */
const LARGEST_VALUE = 16 * 1024 * 1024;
const DEEPEST_VALUE = 64;

type IdCheck = (table: string, id: string) => boolean;

/** Answers the arguments as JSON text. */
export function refuseArguments(
  args: JSONValue,
  definition: FunctionDefinition,
  isIdOf: IdCheck,
): string {
  if (args === null || typeof args !== "object" || Array.isArray(args)) {
    throw new DeveloperError(
      `ArgumentValidationError: The arguments of ${definition.path} are not an object.`,
    );
  }
  refuseDepth(args, DEEPEST_VALUE);
  const text = JSON.stringify(args);
  refuseLength(text, `arguments of ${definition.path}`);
  const reason = mismatch(args, definition.args, isIdOf);
  if (reason !== undefined) throw new DeveloperError(`ArgumentValidationError: ${reason}`);
  return text;
}

export function refuseResult(text: string, definition: FunctionDefinition, isIdOf: IdCheck): void {
  refuseLength(text, `result of ${definition.path}`);
  if (definition.returns === null) return;
  const reason = mismatch(JSON.parse(text) as JSONValue, definition.returns, isIdOf);
  if (reason !== undefined) throw new DeveloperError(`ReturnsValidationError: ${reason}`);
}

function refuseLength(text: string, what: string): void {
  if (text.length <= LARGEST_VALUE) return;
  throw new DeveloperError(`The ${what} is too large: at most ${LARGEST_VALUE} bytes.`);
}

/** Stops at the first excess, so that a hostile depth costs nothing. */
function refuseDepth(value: JSONValue, left: number): void {
  if (value === null || typeof value !== "object") return;
  if (left === 0) {
    throw new DeveloperError(`Arguments are nested more than ${DEEPEST_VALUE} levels deep.`);
  }
  for (const inner of Object.values(value)) refuseDepth(inner, left - 1);
}

function failure(message: string, data?: JSONValue): string {
  return `-${JSON.stringify({ message, data })}`;
}
