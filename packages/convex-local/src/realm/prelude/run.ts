import { analyze, type Modules } from "../analysis.ts";
import type { RealmCall, Thrown } from "../host.ts";
import { define, host } from "./host.ts";
import { forgetQueries } from "./streams.ts";

type Invocable = {
  invokeQuery?(args: string): Promise<string>;
  invokeMutation?(args: string): Promise<string>;
};

async function answer(call: RealmCall): Promise<string> {
  const modules = (globalThis as unknown as { __modules: Modules }).__modules;
  if (call.kind === "analyze") return JSON.stringify(analyze(modules));
  const found = modules[call.module]?.[call.export] as Invocable;
  const result =
    call.kind === "query" ? found.invokeQuery?.(call.args) : found.invokeMutation?.(call.args);
  return (await result) ?? "null";
}

function describe(thrown: unknown): Thrown {
  if (typeof thrown !== "object" || thrown === null) {
    return { name: "Error", message: String(thrown), stack: undefined };
  }
  const {
    name = "Error",
    message = "",
    stack,
    data,
  } = thrown as Partial<Error> & { data?: unknown };
  const described = { name, message, stack };
  const isConvexError = Symbol.for("ConvexError") in thrown && typeof data === "string";
  return isConvexError ? { ...described, data } : described;
}

// Microtasks of this run are finished before the host goes on, so by then it has settled, or never will.
define("__run", () => {
  forgetQueries();
  answer(host.call()).then(
    (text) => host.settle(true, text),
    (error: unknown) => host.settle(false, JSON.stringify(describe(error))),
  );
});
