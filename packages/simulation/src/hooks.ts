import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import { sourceOf } from "./bugs/bug.ts";

/**
 * The line between the products and their computer: modules of the command line's package and of the official client get
 * simulated ones in place of Node's, and simulated globals. Everything else, the simulator included, has the real ones.
 */
const PRODUCT = /\/packages\/cli\/src\/|\/convex\/dist\/esm\/(browser|common)\//;
/** Pure: it needs no computer. */
const CORE = /\/packages\/core\/src\//;

const STAND_INS: Readonly<Record<string, string>> = {
  "node:fs": "fs",
  "node:fs/promises": "fs-promises",
  "node:child_process": "child-process",
  "node:crypto": "crypto",
  "node:os": "os",
  "node:timers": "timers",
  "node:timers/promises": "timers-promises",
};

const systemUrl = (name: string) => new URL(`./system/${name}.ts`, import.meta.url).href;

const GLOBALS = [
  "AbortSignal",
  "Date",
  "Math",
  "WebSocket",
  "clearInterval",
  "clearTimeout",
  "crypto",
  "fetch",
  "performance",
  "process",
  "setImmediate",
  "setInterval",
  "setTimeout",
];

registerHooks({
  resolve(specifier, context, nextResolve) {
    const isProduct = context.parentURL !== undefined && PRODUCT.test(context.parentURL);
    const standIn = isProduct ? STAND_INS[specifier] : undefined;
    if (standIn !== undefined) return { url: systemUrl(standIn), shortCircuit: true };
    const resolved = nextResolve(specifier, context);
    // The client for Node brings a WebSocket of its own, which no global can replace.
    return specifier === "convex/browser"
      ? { ...resolved, url: resolved.url.replace("index-node.js", "index.js") }
      : resolved;
  },
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (loaded.source == null || !(PRODUCT.test(url) || CORE.test(url))) return loaded;
    const source = sourceOf(fileURLToPath(url), textOf(loaded.source));
    if (!PRODUCT.test(url)) return { ...loaded, source };
    const taken = GLOBALS.filter((name) => uses(source, name));
    const imports =
      taken.length === 0 ? "" : `import { ${taken.join(", ")} } from "${systemUrl("globals")}"; `;
    return { ...loaded, source: imports + source };
  },
});

function textOf(source: string | ArrayBuffer | NodeJS.TypedArray): string {
  return typeof source === "string" ? source : new TextDecoder().decode(source);
}

/** Whether a module speaks of the global and does not import or declare something of that name itself. */
function uses(source: string, name: string): boolean {
  const own = new RegExp(
    `^(?:import [^;]*\\b${name}\\b[^;]*from|(?:const|let|function|class) ${name}\\b)`,
    "m",
  );
  return (
    new RegExp(`\\b${name}\\b`).test(source) &&
    !own.test(source.replace(/\w+ as \w+/g, (text) => text.split(" as ")[1] ?? ""))
  );
}
