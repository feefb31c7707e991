import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { mutate, open, temporaryDirectory } from "../../test/engine.ts";
import { EngineError } from "../engine/errors.ts";
import { holdDataDirectory } from "./data-directory.ts";
import { openSqlite } from "./sqlite.ts";
import { Store } from "./store.ts";

/** A process that holds the directory until it is killed. */
async function holder(directory: string): Promise<ChildProcess> {
  const module = fileURLToPath(new URL("data-directory.ts", import.meta.url));
  const script = `import(${JSON.stringify(module)}).then((m) => { m.holdDataDirectory(process.argv[1]); console.log("held"); setInterval(() => {}, 1000); })`;
  const child = spawn(process.execPath, ["-e", script, directory], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  return child;
}

function refusal(directory: string): EngineError {
  try {
    holdDataDirectory(directory).release();
  } catch (error) {
    if (error instanceof EngineError) return error;
  }
  throw new Error("The directory was not refused.");
}

describe("a data directory", () => {
  test("is made for its owner alone, and so is every file in it", () => {
    const directory = join(temporaryDirectory(), "data");
    const held = holdDataDirectory(directory);
    const store = new Store(openSqlite(held.database));
    store.transaction(() => store.setMeta("room", "harbor"));
    const modes = readdirSync(directory).map(
      (file) => statSync(join(directory, file)).mode & 0o777,
    );
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(readdirSync(directory)).toContain("data.sqlite-wal");
    expect(new Set(modes)).toEqual(new Set([0o600]));
    store.close();
    held.release();
  });

  test("that another process holds is refused with its pid, and is free when that process is killed", async () => {
    const directory = temporaryDirectory();
    const other = await holder(directory);
    expect(refusal(directory)).toMatchObject({ kind: "data_held", pid: other.pid });
    other.kill("SIGKILL");
    await once(other, "exit");
    expect(() => holdDataDirectory(directory).release()).not.toThrow();
  });

  test("cannot be held twice by one process either", () => {
    const directory = temporaryDirectory();
    const held = holdDataDirectory(directory);
    expect(refusal(directory)).toMatchObject({ kind: "data_held", pid: process.pid });
    held.release();
    holdDataDirectory(directory).release();
  });
});

/** The refusal of a directory in which nothing has been changed by it. */
function untouched(directory: string): string {
  const path = join(directory, "data.sqlite");
  const before = readFileSync(path);
  const { kind } = refusal(directory);
  const isSame = readFileSync(path).equals(before) && readdirSync(directory).length === 1;
  return isSame ? kind : "changed";
}

test("a database whose making was cut short is made anew", async () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, "data.sqlite.new"), "SQLite format 3\0 half a page");
  const engine = await open({ data: directory });
  expect(await mutate(engine, "things:putUndeclared")).toBe(1);
});

describe("a database that cannot be served", () => {
  test("because a newer version wrote it is refused untouched", () => {
    const directory = temporaryDirectory();
    const path = join(directory, "data.sqlite");
    new Store(openSqlite(path)).close();
    const database = new DatabaseSync(path);
    database.exec("PRAGMA journal_mode = DELETE; PRAGMA user_version = 99");
    database.close();
    expect(untouched(directory)).toBe("database_newer");
  });

  test.each([
    ["is something else", "not a database, but long enough to be one".repeat(10)],
    ["ends too early", "SQLite format 3\0"],
  ])("because it %s is refused untouched", (_, content) => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "data.sqlite"), content);
    expect(untouched(directory)).toBe("database_unreadable");
  });

  test("because it belongs to another program is refused untouched", () => {
    const directory = temporaryDirectory();
    const database = new DatabaseSync(join(directory, "data.sqlite"));
    database.exec("CREATE TABLE theirs (x)");
    database.close();
    expect(untouched(directory)).toBe("database_unreadable");
  });

  test("because its pages are damaged is refused", async () => {
    const directory = temporaryDirectory();
    const engine = await open({ data: directory });
    await engine.close();
    const path = join(directory, "data.sqlite");
    const pages = readFileSync(path);
    writeFileSync(path, pages.fill(0xa5, 110));
    await expect(open({ data: directory })).rejects.toMatchObject({ kind: "database_unreadable" });
    expect(readFileSync(path).equals(pages)).toBe(true);
  });

  test("because it cannot be read is refused", () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, "data.sqlite"));
    expect(refusal(directory).kind).toBe("database_unreadable");
    expect(existsSync(join(directory, "lock"))).toBe(false);
  });
});
