import type { JSONValue } from "convex/values";
import { DeveloperError } from "../engine/failure.ts";
import type {
  Engine,
  FunctionCall,
  FunctionKind,
  FunctionSpec,
  Outcome,
  QueryOutcome,
  TablePageRequest,
} from "../engine/engine.ts";

const KIND_NAMES = {
  query: "Query",
  mutation: "Mutation",
  action: "Action",
} as const satisfies Record<FunctionKind, string>;

/** The queries under `_system/cli/` by which the official command line looks into a deployment. Admin only. */
export class SystemQueries {
  readonly #engine: Engine;
  readonly #urls: { readonly cloudUrl: string; readonly siteUrl: string };

  constructor(engine: Engine, urls: { cloudUrl: string; siteUrl: string }) {
    this.#engine = engine;
    this.#urls = urls;
  }

  /** Undefined when the path does not name a system query. */
  answer(call: FunctionCall): QueryOutcome | undefined {
    if (!call.path.startsWith("_system/")) return undefined;
    const outcome = this.#safely(call);
    return {
      ...outcome,
      text: outcome.success ? JSON.stringify(outcome.value) : "",
      ts: this.#engine.latestTs,
      journal: null,
      // These answers change with the functions and the environment only, and a reload reruns every query.
      reads: { intervals: () => new Map(), overlaps: () => false },
      bytesRead: 0,
      observedIdentity: true,
      observedTime: false,
    };
  }

  #safely(call: FunctionCall): Outcome {
    try {
      return this.#outcome(call);
    } catch (error) {
      if (error instanceof DeveloperError) return failure(error.message);
      throw error;
    }
  }

  #outcome({ path, args, identity }: FunctionCall): Outcome {
    if (identity.kind !== "admin") return failure("System functions need the admin key.");
    switch (path.replace(/:default$/, "")) {
      case "_system/cli/modules:apiSpec":
        return success(this.#engine.functions().map(describe));
      case "_system/cli/queryEnvironmentVariables":
        return success(
          Object.entries(this.#engine.environment.list()).map(([name, value]) => ({ name, value })),
        );
      case "_system/cli/queryEnvironmentVariables:get":
        return success(this.#variable(args));
      case "_system/cli/convexUrl:cloudUrl":
        return success(this.#urls.cloudUrl);
      case "_system/cli/convexUrl:siteUrl":
        return success(this.#urls.siteUrl);
      case "_system/cli/queryImport:list":
        // `convex import` asks this first, and is then told at its upload that there are none.
        return success([]);
      case "_system/cli/tables":
        return success(onePage(this.#engine.tableNames().map((name) => ({ name }))));
      case "_system/cli/tableSize":
        return success(this.#engine.tableSize(textIn(args, "tableName")));
      case "_system/cli/tableData":
        return success({ ...this.#engine.tablePage(pageIn(args)) });
      default:
        return failure(`Could not find function for '${path}'`);
    }
  }

  #variable(args: JSONValue): JSONValue {
    const name = (args as { readonly name?: unknown } | null)?.name;
    const variables = this.#engine.environment.list();
    if (typeof name !== "string" || !Object.hasOwn(variables, name)) return null;
    return { name, value: variables[name] ?? "" };
  }
}

function describe({ path, kind, visibility, args, returns }: FunctionSpec): JSONValue {
  const [module, name = "default"] = path.split(":");
  return {
    functionType: KIND_NAMES[kind],
    identifier: `${module}.js:${name}`,
    visibility: { kind: visibility },
    args,
    returns: returns ?? { type: "any" },
  };
}

function fieldsOf(args: JSONValue | undefined): Readonly<Record<string, JSONValue | undefined>> {
  return typeof args === "object" && args !== null && !Array.isArray(args) ? args : {};
}

function textIn(args: JSONValue, field: string): string {
  const text = fieldsOf(args)[field];
  if (typeof text === "string") return text;
  throw new DeveloperError(`Invalid argument \`${field}\`: expected a string.`);
}

function pageIn(args: JSONValue): TablePageRequest {
  const { order, paginationOpts } = fieldsOf(args);
  const { cursor, numItems } = fieldsOf(paginationOpts);
  if (typeof numItems !== "number" || !(numItems >= 1)) {
    throw new DeveloperError("Invalid argument `paginationOpts`: expected a number of items.");
  }
  return {
    table: textIn(args, "table"),
    order: order === "asc" ? "asc" : "desc",
    cursor: typeof cursor === "string" ? cursor : null,
    numItems,
  };
}

function onePage(page: JSONValue[]): JSONValue {
  return { page, isDone: true, continueCursor: "" };
}

function success(value: JSONValue): Outcome {
  return { success: true, value, logLines: [] };
}

function failure(errorMessage: string): Outcome {
  return { success: false, errorMessage, logLines: [] };
}
