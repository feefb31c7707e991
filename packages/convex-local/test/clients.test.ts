import { ConvexClient } from "convex/browser";
import { anyApi } from "convex/server";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import type { RunningDeployment } from "../src/index.ts";
import { Issuer } from "./issuer.ts";
import { serve } from "./serve.ts";

const { messages } = anyApi;
const HARBOR = { room: "harbor" };
let harbor: RunningDeployment;

beforeEach(async () => {
  harbor = await serve();
});

function connect(url = harbor.url): ConvexClient {
  const client = new ConvexClient(url, { logger: false });
  onTestFinished(async () => await client.close());
  return client;
}

test("the official client sees what another one writes", async () => {
  const ada = connect();
  const linus = connect();
  let seen: string[] | undefined;
  ada.onUpdate(messages!["texts"]!, HARBOR, (texts: string[]) => {
    seen = texts;
  });
  await vi.waitFor(() => expect(seen).toEqual([]));
  await linus.mutation(messages!["send"]!, { room: "harbor", text: "hello" });
  await vi.waitFor(() => expect(seen).toEqual(["hello"]));
});

test("a mutation resolves when the client's own queries show it", async () => {
  const ada = connect();
  let seen: string[] = [];
  ada.onUpdate(messages!["texts"]!, HARBOR, (texts: string[]) => {
    seen = texts;
  });
  for (const text of ["one", "two", "three"]) {
    await ada.mutation(messages!["send"]!, { room: "harbor", text });
    await vi.waitFor(() => expect(seen.at(-1)).toBe(text));
  }
  await expect(ada.mutation(messages!["refuse"]!, {})).rejects.toMatchObject({
    data: { kind: "room_archived" },
  });
  expect(await ada.action(messages!["echo"]!, { value: 5n })).toBe(5n);
});

test("a query that fails tells its listener", async () => {
  const ada = connect();
  const failure = vi.fn<(error: Error) => void>();
  ada.onUpdate(messages!["fail"]!, {}, () => {}, failure);
  await vi.waitFor(() => expect(failure).toHaveBeenCalled());
  expect(failure.mock.calls[0]?.[0].message).toContain("the harbor is closed");
});

test("the official client signs in, and signs in again before its token runs out", async () => {
  const issuer = await Issuer.create();
  const signed = await serve({ env: { HARBOR_JWKS: issuer.jwks } });
  const ada = connect(signed.url);
  const changes: boolean[] = [];
  let fetched = 0;
  const fetchToken = async () => {
    fetched += 1;
    return await issuer.tokenFor("ada", signed.siteUrl, Date.now(), 3600 + fetched);
  };
  ada.setAuth(fetchToken, (authenticated) => changes.push(authenticated));
  await vi.waitFor(() => expect(changes).toContain(true));
  await vi.waitFor(async () => {
    expect(await ada.query(messages!["whoami"]!, {})).toMatchObject({ subject: "ada" });
  });
  await vi.waitFor(() => expect(fetched).toBeGreaterThanOrEqual(2));
  expect(changes).not.toContain(false);
});
