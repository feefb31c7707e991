import type { Incoming } from "./exchange.ts";
import type { Callers } from "../auth/caller.ts";
import type { Environment } from "../engine/engine.ts";
import type { FunctionLog } from "../wire/function-log.ts";
import { readAppDefinition } from "./app-definition.ts";
import type { AppDefinition } from "./app-definition.ts";
import { readBody, readJson } from "./body.ts";
import { HttpError, jsonReply } from "./reply.ts";
import type { Reply } from "./reply.ts";

const NOT_DEPLOYED =
  "This runtime serves a functions folder directly and takes no deployments: save the files there, and they are live.";

const NOT_EXPORTED =
  "This runtime makes no snapshot exports: `convex-local backup <directory>` copies its data and files, also while it serves.";

const NOT_IMPORTED =
  "This runtime takes no imports: restore a backup with `convex-local restore <backup>`, or insert rows with a mutation through `npx convex run`.";

/** What `convex codegen` and `convex env` ask of a deployment. Every route needs the admin key. */
export class DeploymentRoutes {
  readonly #callers: Callers;
  readonly #environment: Environment;
  readonly #folder: string;
  readonly #log: FunctionLog;
  readonly #urls: { readonly cloudUrl: string; readonly siteUrl: string };

  constructor(
    callers: Callers,
    environment: Environment,
    options: { folder: string; urls: { cloudUrl: string; siteUrl: string }; log: FunctionLog },
  ) {
    this.#callers = callers;
    this.#environment = environment;
    this.#folder = options.folder;
    this.#urls = options.urls;
    this.#log = options.log;
  }

  /** Undefined when the path is not one of these routes. Rejects with HttpError or TokenError. */
  async answer(request: Incoming, { pathname, searchParams }: URL): Promise<Reply | undefined> {
    const route = `${request.method} ${pathname}`;
    if (!isDeploymentRoute(route)) return undefined;
    const { identity } = await this.#callers.ofHeader(request.headers.authorization);
    if (identity.kind !== "admin") {
      throw new HttpError(401, "AdminKeyNeeded", "This route needs the admin key.");
    }
    switch (route) {
      case "POST /api/get_config_hashes":
        await readBody(request);
        return jsonReply(NO_CONFIG);
      case "POST /api/deploy2/start_push":
        // Changes nothing: code generation stops here, and a real push is refused at its next step.
        await readBody(request);
        return jsonReply(pushOf(await readAppDefinition(this.#folder)));
      case "POST /api/update_environment_variables":
        await this.#environment.set(readChanges(await readJson(request)));
        return jsonReply({});
      case "GET /api/v1/get_canonical_urls":
        return jsonReply({
          convexCloudUrl: this.#urls.cloudUrl,
          convexSiteUrl: this.#urls.siteUrl,
        });
      case "GET /api/stream_function_logs":
        return jsonReply(await this.#log.after(cursorOf(searchParams.get("cursor"))));
      default:
        if (pathname.startsWith("/api/export/")) {
          throw new HttpError(400, "ExportNotSupported", NOT_EXPORTED);
        }
        if (IMPORTS.test(pathname)) throw new HttpError(400, "ImportNotSupported", NOT_IMPORTED);
        throw new HttpError(400, "DeployNotSupported", NOT_DEPLOYED);
    }
  }
}

const IMPORTS = /^\/api\/(?:import\/|perform_import$)/;

function isDeploymentRoute(route: string): boolean {
  const [, pathname = ""] = route.split(" ");
  return (
    route.startsWith("POST /api/deploy2/") ||
    pathname.startsWith("/api/export/") ||
    IMPORTS.test(pathname) ||
    [
      "POST /api/get_config_hashes",
      "POST /api/push_config",
      "POST /api/update_environment_variables",
      "GET /api/v1/get_canonical_urls",
      "GET /api/stream_function_logs",
    ].includes(route)
  );
}

function cursorOf(text: string | null): number {
  const cursor = Number(text ?? "0");
  if (cursor >= 0) return cursor;
  throw new HttpError(400, "BadArguments", "cursor is not a number of milliseconds.");
}

function readChanges({ changes }: { readonly [key: string]: unknown }) {
  if (!Array.isArray(changes)) throw new HttpError(400, "BadArguments", "changes is not a list.");
  const variables: Record<string, string | null> = {};
  for (const change of changes as readonly { name?: unknown; value?: unknown }[]) {
    const { name, value = null } = change;
    if (typeof name !== "string" || !/^[A-Za-z_]\w{0,39}$/.test(name)) {
      throw new HttpError(
        400,
        "EnvVarNameInvalid",
        "A variable's name has letters, digits and underscores, at most 40 of them.",
      );
    }
    if (value !== null && (typeof value !== "string" || value.length > 8192)) {
      throw new HttpError(
        400,
        "EnvVarValueInvalid",
        "A variable's value is a text of up to 8 KiB.",
      );
    }
    variables[name] = value;
  }
  return variables;
}

const NO_CONFIG = {
  config: { functions: "convex/", authInfo: [] },
  moduleHashes: [],
  nodeDependencies: [],
  udfServerVersion: null,
  nodeVersion: null,
};

/** The least that code generation accepts as a push's answer. */
function pushOf(definition: AppDefinition) {
  return {
    environmentVariables: {},
    externalDepsId: null,
    componentDefinitionPackages: {},
    appAuth: [],
    analysis: {
      "": {
        definition,
        schema: null,
        functions: {},
        udfConfig: {
          serverVersion: "1.0.0",
          importPhaseRngSeed: "0".repeat(64),
          importPhaseUnixTimestamp: { $integer: "AAAAAAAAAAA=" },
        },
      },
    },
    app: {
      definitionPath: "",
      componentPath: "",
      args: {},
      childComponents: {},
      httpRoutes: { httpModuleRoutes: null, mounts: [] },
      exports: {},
    },
    schemaChange: { allocatedComponentIds: {}, schemaIds: {}, indexDiffs: {} },
  };
}
