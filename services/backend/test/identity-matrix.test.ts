import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import type { FunctionReference } from "convex/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { api } from "../convex/_generated/api.js";
import { modules, openTestHome } from "./convex-test-home.ts";
import type { TestHome } from "./convex-test-home.ts";
import { openMatrix } from "./matrix/cast.ts";
import type { Matrix } from "./matrix/cast.ts";
import { argsOf } from "./matrix/args.ts";
import { EXPECTED, WHO } from "./matrix/expected.ts";
import type { Who } from "./matrix/expected.ts";

type Flag = "isPublic" | "isQuery" | "isMutation" | "isAction";

/** Every function of the folder that a client may call. */
async function publicFunctions(): Promise<{ name: string; kind: keyof TestHome["nobody"] }[]> {
  const found: { name: string; kind: keyof TestHome["nobody"] }[] = [];
  for (const [file, load] of Object.entries(modules)) {
    if (file.includes("_generated")) continue;
    for (const [name, value] of Object.entries((await load()) as object)) {
      const is = (flag: Flag) => Object.hasOwn(Object(value) as object, flag);
      if (!is("isPublic")) continue;
      const kind = is("isQuery") ? "query" : is("isMutation") ? "mutation" : "action";
      found.push({ name: `${file.replace(/^.*convex\/|\.ts$/g, "")}.${name}`, kind });
    }
  }
  return found.toSorted((a, b) => a.name.localeCompare(b.name));
}

const functions = await publicFunctions();
let home: TestHome;
let matrix: Matrix;
beforeAll(async () => {
  home = await openTestHome();
  matrix = await openMatrix(home);
});
afterAll(async () => {
  await home.close();
});

test("every public function has its line in the table, and every line its function", () => {
  expect(Object.keys(EXPECTED).toSorted()).toEqual(functions.map(({ name }) => name).toSorted());
});

test("the decisions list every public function with its kind, and no other", () => {
  const said = functions.map(({ name, kind }) => `${name} ${kind}`);
  expect(decided().toSorted()).toEqual(said.toSorted());
});

describe.each(functions)("$name", ({ name, kind }) => {
  test.each(WHO)("answers %s as the table says", async (who) => {
    const outcome = await matrix.outcome(who, kind, referenceTo(name), argsOf(name, matrix));
    expect(outcome).toBe(expectedOf(name, who));
  });
});

function expectedOf(name: string, who: Who): string {
  const line = EXPECTED[name];
  if (line === undefined) throw new Error(`${name} has no line in the table`);
  return line[WHO.indexOf(who)] ?? "missing";
}

function referenceTo(name: string): FunctionReference<"query" | "mutation" | "action"> {
  const [module = "", fn = ""] = name.split(".");
  const reference = (api as unknown as Record<string, Record<string, FunctionReference<"query">>>)[
    module
  ]?.[fn];
  if (reference === undefined) throw new Error(`${name} is not in the api`);
  return reference;
}

/** What the tables of the decisions say: `| \`tasks.start\` / \`release\` | mutation | …`. A row without a kind adds to another one. */
function decided(): string[] {
  const folder = path.resolve(import.meta.dirname, "../../../docs/decisions");
  const text = readdirSync(folder).map((file) => readFileSync(path.join(folder, file), "utf8"));
  const rows = text.join("\n").matchAll(/^\| `(\w+)\.([^|]+?) +\| (query|mutation|action) /gm);
  return [...rows].flatMap(([, module, names = "", kind]) =>
    (names.match(/\w+/g) ?? []).map((name) => `${module}.${name} ${kind}`),
  );
}
