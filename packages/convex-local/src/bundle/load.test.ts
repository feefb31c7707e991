import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { copyOfFixture, mutate, open, query, temporaryDirectory } from "../../test/engine.ts";
import type { EngineError } from "../engine/errors.ts";

/** Opens on a copy of the fixture and answers a way to wait for the next take-over or refusal after a change. */
async function watched() {
  const functions = copyOfFixture();
  const broken: EngineError[] = [];
  let wake: (() => void) | undefined;
  const engine = await open({
    functions,
    watch: true,
    onBroken: (error) => {
      broken.push(error);
      wake?.();
    },
  });
  engine.onReload(() => wake?.());
  const change = async (file: string, content: string) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    wake = resolve;
    writeFileSync(join(functions, file), content);
    await promise;
  };
  return { engine, broken, change };
}

const greeting = (text: string) =>
  `import { query } from "./_generated/server";\nexport const say = query({ args: {}, handler: async () => ${text} });\n`;
const schema = (tables: string) =>
  `import { defineSchema, defineTable } from "convex/server";\nimport { v } from "convex/values";\nexport default defineSchema({ ${tables} });\n`;

describe("a functions folder", () => {
  test("is served as it stands: what it defines is known", async () => {
    const engine = await open({ env: { CONVEX_SITE_URL: "http://127.0.0.1:1", JWKS: "data:," } });
    expect(engine.functionKind("rooms:names")).toMatchObject({
      kind: "query",
      visibility: "internal",
    });
    expect(engine.functionKind("rooms.js:create")).toMatchObject({
      kind: "mutation",
      visibility: "public",
    });
    expect(engine.functionKind("dir/deep")).toMatchObject({ kind: "query" });
    expect(engine.functionKind("node:digest")).toMatchObject({ kind: "action" });
    expect(engine.functionKind("ignored:anything")).toBeUndefined();
    expect(engine.crons()).toMatchObject([
      { name: "sweep", path: "rooms:createOrFail", schedule: { type: "interval", minutes: 5 } },
    ]);
    expect(engine.authProviders()).toMatchObject([
      { issuer: "http://127.0.0.1:1", applicationID: "harbor" },
    ]);
  });

  test("whose provider has no value for its variables yet names no provider", async () => {
    const engine = await open();
    expect(engine.authProviders()).toEqual([]);
    await engine.environment.set({ CONVEX_SITE_URL: "http://127.0.0.1:1", JWKS: "data:," });
    expect(engine.authProviders()).toHaveLength(1);
  });

  test.each([
    ["does not parse", "greeting.ts", "export const = 1;\n", /greeting\.ts:1:14/],
    ["imports what is not there", "greeting.ts", '\nimport "./nowhere";\n', /greeting\.ts:2:8/],
    ["uses Node without saying so", "greeting.ts", 'import "node:fs";\n', /greeting\.ts:1:8/],
    ["throws while it is loaded", "greeting.ts", '\nthrow new Error("no");\n', /greeting\.ts:2:7/],
  ])("that %s is refused at the start with its place", async (_, file, content, place) => {
    const functions = copyOfFixture();
    writeFileSync(join(functions, file), content);
    const refusal = open({ functions });
    await expect(refusal).rejects.toMatchObject({
      kind: "functions_broken",
      place: expect.stringMatching(place) as string,
      message: expect.stringMatching(place) as string,
    });
  });

  test("that is missing is refused", async () => {
    await expect(open({ functions: "/nonexistent/convex" })).rejects.toMatchObject({
      kind: "functions_broken",
    });
  });

  test("is loaded again when it changes", async () => {
    const { engine, change } = await watched();
    await change("greeting.ts", greeting('"ahoy"'));
    expect(query(engine, "greeting:say")).toBe("ahoy");
    await change("greeting.ts", greeting('"hello"'));
    expect(query(engine, "greeting:say")).toBe("hello");
  });

  test("that breaks goes on serving its last good state, says where, and recovers", async () => {
    const { engine, broken, change } = await watched();
    await mutate(engine, "rooms:create", { name: "harbor" });
    await change("greeting.ts", "export const = 1;\n");
    expect(broken[0]).toMatchObject({
      kind: "functions_broken",
      place: expect.stringMatching(/greeting\.ts:1:14$/) as string,
    });
    expect(query(engine, "rooms:names")).toEqual(["harbor"]);
    await change("greeting.ts", greeting("1"));
    expect(query(engine, "greeting:say")).toBe(1);
  });

  test("whose schema its rows violate is not taken over, and the old schema stays in force", async () => {
    const { engine, broken, change } = await watched();
    const id = (await mutate(engine, "rooms:create", { name: "harbor" })) as string;
    await change("schema.ts", schema("rooms: defineTable({ name: v.number() })"));
    expect(broken[0]).toMatchObject({
      kind: "schema_violated",
      message: expect.stringContaining(id) as string,
    });
    await expect(mutate(engine, "rooms:rename", { id, name: 7 })).rejects.toThrow(/schema/);
    expect(query(engine, "rooms:find", { name: "harbor" })).toMatchObject({ _id: id });
  });

  test("whose schema is not to be validated takes any row, and its staged index has them all", async () => {
    const { engine, change } = await watched();
    const id = (await mutate(engine, "rooms:create", { name: "harbor" })) as string;
    await mutate(engine, "messages:send", { room: id, text: "moin" });
    await change(
      "schema.ts",
      `import { defineSchema, defineTable } from "convex/server";
       import { v } from "convex/values";
       const staged = { fields: ["room", "seq"], staged: true };
       export default defineSchema({
         rooms: defineTable({ name: v.null() }).index("by_name", ["name"]),
         messages: defineTable({ text: v.null() }).index("by_room", staged),
       }, { schemaValidation: false });`,
    );
    await mutate(engine, "rooms:rename", { id, name: 7 });
    expect(query(engine, "rooms:names")).toEqual([7]);
    expect(query(engine, "messages:list", { room: id })).toEqual(["moin"]);
  });
});

test("a new index holds the rows that were there before it", async () => {
  const data = temporaryDirectory();
  const functions = copyOfFixture();
  const engine = await open({ functions, data });
  const room = await mutate(engine, "rooms:create", { name: "harbor" });
  for (const text of ["a", "b"])
    await mutate(engine, "messages:send", { room, text, sender: "ada" });
  await engine.close();

  const fields =
    'room: v.id("rooms"), seq: v.number(), text: v.string(), sender: v.optional(v.string())';
  const messages = `messages: defineTable({ ${fields} }).index("by_text", ["text"])`;
  writeFileSync(join(functions, "schema.ts"), schema(messages));
  for (const file of ["messages.ts", "rooms.ts", "outside.ts", "http.ts", "crons.ts"])
    rmSync(join(functions, file));
  writeFileSync(
    join(functions, "texts.ts"),
    `import { query } from "./_generated/server";
     export const last = query({ args: {}, handler: async (ctx) =>
       (await ctx.db.query("messages").withIndex("by_text").order("desc").first())?.text });`,
  );
  expect(query(await open({ functions, data }), "texts:last")).toBe("b");
});
