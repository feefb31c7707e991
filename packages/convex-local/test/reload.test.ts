import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConvexClient } from "convex/browser";
import { anyApi } from "convex/server";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import type { RunningDeployment } from "../src/index.ts";
import { FUNCTIONS, scratch, serve } from "./serve.ts";

let messagesFile: string;
let broken: string[];
let reloads: boolean[];
let harbor: RunningDeployment;
let seen: unknown;

beforeEach(async () => {
  const project = scratch();
  const functions = join(project, "convex");
  cpSync(FUNCTIONS, functions, { recursive: true });
  symlinkSync(join(import.meta.dirname, "..", "node_modules"), join(project, "node_modules"));
  messagesFile = join(functions, "messages.ts");
  broken = [];
  reloads = [];
  const onBroken = (error: Error) => void broken.push(error.message);
  const onReload = (event: { wasBroken: boolean }) => void reloads.push(event.wasBroken);
  harbor = await serve({ functions, watch: true, data: ":memory:", onBroken, onReload });
  const client = new ConvexClient(harbor.url, { logger: false });
  onTestFinished(async () => await client.close());
  client.onUpdate(anyApi["messages"]!["biggest"]!, {}, (value: unknown) => {
    seen = value;
  });
  await vi.waitUntil(() => seen === 9007199254740993n);
});

function edit(from: string, to: string): void {
  writeFileSync(messagesFile, readFileSync(messagesFile, "utf8").replace(from, to));
}

test("who watches a query sees the answer of its new code", async () => {
  edit("9007199254740993n", "7n");
  await vi.waitFor(() => expect(seen).toBe(7n), 5_000);
});

test("a folder that does not compile is reported, the last good functions go on, and its repair is told", async () => {
  edit("9007199254740993n", "7n +");
  await vi.waitFor(() => expect(broken).toHaveLength(1), 5_000);
  expect(seen).toBe(9007199254740993n);
  edit("7n +", "8n");
  await vi.waitFor(() => expect(seen).toBe(8n), 5_000);
  expect(reloads).toEqual([true]);
});
