/** What a realm says about the modules loaded into it. Text is the SDK's own JSON. */
export interface RealmAnalysis {
  readonly functions: readonly AnalyzedFunction[];
  readonly schema: string | null;
  readonly crons: string | null;
  /** `auth.config`'s default export as JSON. */
  readonly auth: string | null;
  readonly hasRouter: boolean;
}

export interface AnalyzedFunction {
  readonly module: string;
  readonly export: string;
  readonly kind: "query" | "mutation" | "action";
  readonly visibility: "public" | "internal";
  readonly args: string;
  readonly returns: string;
}

type Registered = ((...args: unknown[]) => unknown) & {
  readonly isQuery?: boolean;
  readonly isMutation?: boolean;
  readonly isAction?: boolean;
  readonly isPublic?: boolean;
  readonly isInternal?: boolean;
  exportArgs?(): string;
  exportReturns?(): string;
};

export type Modules = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The Convex functions among the exports of one module. */
export function functionsOf(
  module: string,
  exports: Readonly<Record<string, unknown>>,
): AnalyzedFunction[] {
  const found: AnalyzedFunction[] = [];
  for (const [name, value] of Object.entries(exports)) {
    if (typeof value !== "function") continue;
    const registered = value as Registered;
    const kind = registered.isQuery
      ? "query"
      : registered.isMutation
        ? "mutation"
        : registered.isAction
          ? "action"
          : undefined;
    if (kind === undefined || (!registered.isPublic && !registered.isInternal)) continue;
    found.push({
      module,
      export: name,
      kind,
      visibility: registered.isPublic ? "public" : "internal",
      args: registered.exportArgs?.() ?? '{"type":"any"}',
      returns: registered.exportReturns?.() ?? "null",
    });
  }
  return found;
}

type Exporting = { export(): string };

/** Throws what a module's own export throws (an undefined validator, say). */
export function analyze(modules: Modules): RealmAnalysis {
  const schema = modules["schema"]?.["default"] as Exporting | undefined;
  const crons = modules["crons"]?.["default"] as (Exporting & { isCrons?: boolean }) | undefined;
  const http = modules["http"]?.["default"] as { isRouter?: boolean } | undefined;
  const auth = modules["auth.config"]?.["default"];
  return {
    functions: Object.entries(modules).flatMap(([path, exports]) => functionsOf(path, exports)),
    schema: schema?.export() ?? null,
    crons: crons?.isCrons ? crons.export() : null,
    auth: auth === undefined ? null : JSON.stringify(auth),
    hasRouter: http?.isRouter === true,
  };
}
