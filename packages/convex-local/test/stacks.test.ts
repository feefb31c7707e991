import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { expect, test } from "vitest";
import { serve } from "./serve.ts";

const FUNCTIONS = join(import.meta.dirname, "fixtures", "black-box", "convex");

/** `convex/errors.ts:12:9`, where the text stands in that file. */
function placeOf(file: string, text: string): string {
  const lines = readFileSync(join(FUNCTIONS, file), "utf8").split("\n");
  const line = lines.findIndex((content) => content.includes(text));
  return `convex/${file}:${line + 1}:${(lines[line] ?? "").indexOf(text) + 1}`;
}

test("a failure names its places in the source files, and none of the runtime or the packages", async () => {
  const lines: string[] = [];
  const harbor = await serve({ functions: FUNCTIONS, onLog: (line) => lines.push(line) });
  const client = new ConvexHttpClient(harbor.url, { logger: false });
  // The folder's crons fail beside it.
  const toldOf = (what: string) => {
    const told = lines.findLast((line) => line.startsWith(`${what} failed: `)) ?? "";
    return told.split("\n");
  };
  const told = async (name: string, args: Record<string, string>) => {
    const kind = /^\w+:(query|mutation)/.exec(name)?.[1] ?? "action";
    const failing =
      kind === "query"
        ? client.query(makeFunctionReference<"query">(name), args)
        : kind === "mutation"
          ? client.mutation(makeFunctionReference<"mutation">(name), args)
          : client.action(makeFunctionReference<"action">(name), args);
    await expect(failing).rejects.toThrow("Server Error");
    return toldOf(name).filter((line) => line.startsWith("    at "));
  };
  const thrown = placeOf("errors.ts", "new ConvexError(data");
  for (const name of ["query", "mutation", "action"]) {
    const frames = await told(`errors:${name}`, { data: "x" });
    expect(frames[0]).toContain(`(${thrown})`);
    expect(frames.join("\n")).not.toMatch(/node_modules|realm|convex-local:/);
  }
  const place = placeOf("node.ts", "new TypeError(");
  expect(await told("node:fails", { kind: "error" })).toEqual([`    at handler (${place})`]);
  await fetch(`${harbor.siteUrl}/error`, { method: "POST", body: '"x"' });
  const [failure, ...frames] = toldOf("POST /error");
  expect(failure).toMatch(/ failed: Uncaught ConvexError: /);
  expect(frames.join("\n")).toContain(`(${thrown})`);
});
