import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const FOLDER = path.resolve(import.meta.dirname, "../convex");

/** Calls of insert, patch and replace on a table, with everything between their parentheses. */
function writesTo(table: string, source: string): string[] {
  const writes: string[] = [];
  for (const { index } of source.matchAll(
    new RegExp(String.raw`\.(insert|patch|replace)\(\s*"${table}"`, "g"),
  )) {
    let depth = 0;
    let end = source.indexOf("(", index);
    do {
      if (source[end] === "(") depth += 1;
      if (source[end] === ")") depth -= 1;
      end += 1;
    } while (depth > 0);
    writes.push(source.slice(index, end));
  }
  return writes;
}

/** Files in which a write to the table could carry the field: by name, or through a spread or a variable. */
function writersOf(table: string, field: string): string[] {
  const suspicious = (write: string) =>
    new RegExp(String.raw`\b${field}\b`).test(write) ||
    write.includes("...") ||
    !write.includes("{") ||
    write.startsWith(".replace");
  return readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.startsWith("_generated"))
    .filter((file) =>
      writesTo(table, readFileSync(path.join(FOLDER, file), "utf8")).some(suspicious),
    );
}

test("only model/seats/participants writes an agent's status", () => {
  expect(writersOf("participants", "agentStatus")).toEqual(["model/seats/participants.ts"]);
});

test("only model/tasks/tasks writes a task's status", () => {
  expect(writersOf("tasks", "status")).toEqual(["model/tasks/tasks.ts"]);
});

test("every write names its table, so that none escapes the two tests above", () => {
  const unnamed = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.startsWith("_generated"))
    .filter((file) =>
      /\.db\s*\.(insert|patch|replace|delete)\(\s*[^"\s]/.test(
        readFileSync(path.join(FOLDER, file), "utf8"),
      ),
    );
  expect(unnamed).toEqual([]);
});

test("no query that is watched reads the table that every beat writes", () => {
  const readers = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
    .filter((file) => file.startsWith("model") && file.endsWith(".ts"))
    .filter((file) =>
      /\.(query|get)\(\s*"leases"/.test(readFileSync(path.join(FOLDER, file), "utf8")),
    );
  // Of these the mutations alone: the clock is looked at by beats and the clean-up.
  expect(readers.toSorted()).toEqual([
    "model/deadlines/clock.ts",
    "model/deadlines/deadlines.ts",
    "model/machines/machines.ts",
    "model/seats/leases.ts",
  ]);
});
