import { join } from "node:path";
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { expect, test } from "vitest";
import { serve } from "./serve.ts";

const functions = join(import.meta.dirname, "fixtures", "not-yet");

test("a folder with search, vectors and components is served, and what of it does not work says so and what to do", async () => {
  const { url } = await serve({ functions });
  const client = new ConvexHttpClient(url, { logger: false });
  await client.mutation(makeFunctionReference<"mutation">("messages:send"));
  await expect(client.query(makeFunctionReference<"query">("messages:byText"))).rejects.toThrow(
    "Text search is not available in this runtime yet: use an index or a filter",
  );
  await expect(client.action(makeFunctionReference<"action">("messages:byVector"))).rejects.toThrow(
    "vector search is not available in this runtime yet: use a deployment of Convex",
  );
  await expect(
    client.query(makeFunctionReference<"query">("messages:ofComponent")),
  ).rejects.toThrow(
    "Components are not available in this runtime yet: put their functions into the folder",
  );
});
