import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Engine } from "../engine/engine.ts";
import { mutate, open, query, temporaryDirectory } from "../../test/engine.ts";
import { backUp, restore } from "./backup.ts";
import { checkDirectory } from "./check.ts";

interface Home {
  readonly data: string;
  readonly engine: Engine;
}

async function served(): Promise<Home> {
  const data = join(temporaryDirectory(), "data");
  const engine = await open({ data });
  await mutate(engine, "rooms:create", { name: "harbor" });
  await mutate(engine, "things:put", { value: "tide" });
  await upload(engine, "chart");
  return { data, engine };
}

async function upload(engine: Engine, text: string): Promise<void> {
  async function* body() {
    yield Buffer.from(text);
    await Promise.resolve();
  }
  const url = new URL((await mutate(engine, "outside:uploadUrl")) as string);
  const token = url.searchParams.get("token") ?? "";
  await engine.files.receive({ token, contentType: null, digest: null, body: body() });
}

/** Writes past the runtime, as a fault would. */
async function tampered(sql: string): Promise<string> {
  const { data, engine } = await served();
  await engine.close();
  const database = new DatabaseSync(join(data, "data.sqlite"));
  database.exec(sql);
  database.close();
  return data;
}

const elsewhere = () => join(temporaryDirectory(), "copy");

describe("a check", () => {
  test("of a directory in use finds all well, and changes nothing", async () => {
    const { data, engine } = await served();
    expect(checkDirectory(data)).toMatchObject({ files: 1, problems: [] });
    await mutate(engine, "rooms:create", { name: "quay" });
    expect(checkDirectory(data)).toMatchObject({ problems: [] });
  });

  test.each([
    [
      "an entry that is gone",
      "DELETE FROM entries WHERE rowid IS NULL OR key IN (SELECT key FROM entries LIMIT 1)",
      /lacks the document/,
    ],
    [
      "an entry of no document",
      "INSERT INTO entries SELECT indexId, x'ff', document FROM entries LIMIT 1",
      /does not fit its table: entries \d+, documents \d+/,
    ],
    [
      "an entry of no index",
      "INSERT INTO entries VALUES (999999, x'01', 1)",
      /^Entries of no index: 1\.$/,
    ],
    ["times that are gone", "DELETE FROM meta", /The time of the last commit is missing/],
    [
      "a document that changed",
      "UPDATE documents SET value = replace(value, 'harbor', 'quay')",
      /by_name lacks the document/,
    ],
    [
      "a document that is none",
      "UPDATE documents SET value = '[' WHERE value LIKE '%harbor%'",
      /is not a document/,
    ],
    [
      "a table that is gone",
      "DELETE FROM tables WHERE name = 'rooms'; DELETE FROM indexes WHERE tableNumber NOT IN (SELECT number FROM tables)",
      /table that does not exist/,
    ],
  ])("finds %s", async (_, sql, problem) => {
    const data = await tampered(sql.replace("rowid IS NULL OR ", ""));
    expect(checkDirectory(data).problems.join("\n")).toMatch(problem);
  });

  test("finds stored files without their bytes", async () => {
    const { data } = await served();
    for (const name of readdirSync(join(data, "files"))) rmSync(join(data, "files", name));
    expect(checkDirectory(data).problems).toEqual([
      expect.stringMatching(/bytes of the stored file/),
    ]);
  });
});

describe("a backup", () => {
  test("of a directory in use holds one state of it, for its owner only, without the key", async () => {
    const { data, engine } = await served();
    const target = elsewhere();
    expect(backUp(data, target)).toMatchObject({ files: 1, problems: [] });
    await mutate(engine, "rooms:create", { name: "later" });
    expect(readdirSync(target).sort()).toEqual(["data.sqlite", "files"]);
    expect(statSync(target).mode & 0o777).toBe(0o700);
    expect(statSync(join(target, "data.sqlite")).mode & 0o777).toBe(0o600);

    const data2 = elsewhere();
    restore(target, data2);
    const again = await open({ data: data2 });
    onTestFinished(() => again.close());
    expect(query(again, "rooms:names")).toEqual(["harbor"]);
    expect(query(engine, "rooms:names")).toEqual(["harbor", "later"]);
    expect(checkDirectory(data2)).toMatchObject({ files: 1, problems: [] });
  });

  test("of a damaged directory is not kept", async () => {
    const data = await tampered("INSERT INTO entries VALUES (999999, x'01', 1)");
    const target = elsewhere();
    expect(() => backUp(data, target)).toThrow(/copy is damaged, so it was not kept/);
    expect([existsSync(target), existsSync(`${target}.partial`)]).toEqual([false, false]);
  });

  test("overwrites nothing", async () => {
    const { data } = await served();
    const target = elsewhere();
    mkdirSync(target);
    writeFileSync(join(target, "mine"), "mine");
    expect(() => backUp(data, target)).toThrow(/is not empty, and nothing is overwritten/);
    expect(() => restore(data, target)).toThrow(/is not empty/);
    expect(readdirSync(target)).toEqual(["mine"]);
  });
});

test.each(["", "not a database, only so long that it could be one".repeat(9)])(
  "a directory whose database is %j is refused, and left as it is",
  (content) => {
    const data = temporaryDirectory();
    const file = join(data, "data.sqlite");
    writeFileSync(file, content);
    for (const act of [
      checkDirectory,
      (at: string) => backUp(at, elsewhere()),
      (at: string) => restore(at, elsewhere()),
    ]) {
      expect(() => act(data)).toThrow(/not a database of this runtime/);
    }
    expect(readFileSync(file, "utf8")).toBe(content);
  },
);

test("a directory without a database is no data directory", () => {
  expect(() => checkDirectory(temporaryDirectory())).toThrow(/There is no database/);
});

test("a database from a newer version is refused by name", async () => {
  const data = await tampered("PRAGMA user_version = 99");
  expect(() => checkDirectory(data)).toThrow(/written by a newer version \(format 99/);
  expect(() => backUp(data, elsewhere())).toThrow(/newer version/);
});
