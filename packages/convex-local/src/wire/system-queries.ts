import type { JSONValue } from "convex/values";
import type {
  Engine,
  FunctionCall,
  FunctionKind,
  FunctionSpec,
  Outcome,
  QueryOutcome,
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
    return {
      ...this.#outcome(call),
      ts: this.#engine.latestTs,
      journal: null,
      // These answers change with the functions and the environment only, and a reload reruns every query.
      reads: { overlaps: () => false },
      observedIdentity: true,
      observedTime: false,
    };
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

function success(value: JSONValue): Outcome {
  return { success: true, value, logLines: [] };
}

function failure(errorMessage: string): Outcome {
  return { success: false, errorMessage, logLines: [] };
}
