import type { ConvexClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { convexToJson, type Value } from "convex/values";
import { describe, expect, test } from "vitest";
import { deployment, http, outcome, socket, useDeployment } from "./target.ts";

useDeployment();

const DATA = { kind: "closed", until: 7n, tide: [-0, null, "ü"] } satisfies Value;
const PATHS = [
  ["query", "errors:query"],
  ["query", "errors:queryOfQuery"],
  ["mutation", "errors:mutation"],
  ["mutation", "errors:mutationOfQuery"],
  ["mutation", "errors:mutationOfMutation"],
  ["action", "errors:action"],
  ["action", "errors:actionOfQuery"],
  ["action", "errors:actionOfMutation"],
  ["action", "errors:actionOfAction"],
] as const;

async function overSocket(client: ConvexClient, kind: string, name: string, data: Value) {
  switch (kind) {
    case "query":
      return await client.query(makeFunctionReference<"query">(name), { data });
    case "mutation":
      return await client.mutation(makeFunctionReference<"mutation">(name), { data });
    default:
      return await client.action(makeFunctionReference<"action">(name), { data });
  }
}

describe("the data of a ConvexError reaches its caller", () => {
  test.each(PATHS)("over HTTP: %s %s", async (kind, name) => {
    expect(await outcome(http()[kind](name, { data: DATA }))).toEqual({ failed: true, data: DATA });
  });

  test.each(PATHS)("over a socket: %s %s", async (kind, name) => {
    const failing = overSocket(socket(), kind, name, DATA);
    expect(await outcome(failing)).toEqual({ failed: true, data: DATA });
  });

  test("through a subscription", async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const query = makeFunctionReference<"query">("errors:query");
    socket().onUpdate(query, { data: DATA }, () => {}, resolve);
    expect(await outcome(promise.then((error) => Promise.reject(error as Error)))).toEqual({
      failed: true,
      data: DATA,
    });
  });

  test("within the function that called it", async () => {
    expect(await http().mutation("errors:caught", { data: DATA })).toEqual({ data: DATA });
  });

  test("from an http action, in the body of a 500", async () => {
    const answer = await fetch(`${deployment().siteUrl}/error`, {
      method: "POST",
      body: JSON.stringify({ kind: "closed" }),
    });
    expect(answer.status).toBe(500);
    expect(await answer.json()).toMatchObject({ data: { kind: "closed" } });
  });

  test.each([["text"], [0], [null], [[]], [{}], [false]])("whatever it is: %j", async (data) => {
    const failing = http().mutation("errors:mutation", { data });
    const { data: seen } = (await outcome(failing)) as { data: Value };
    expect(convexToJson(seen)).toEqual(data);
  });
});
