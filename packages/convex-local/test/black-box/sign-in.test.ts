import { makeFunctionReference } from "convex/server";
import { describe, expect, test, vi } from "vitest";
import { ISSUER, tokenOf, unsigned } from "./signer.ts";
import { deployment, FAILED, http, newRun, outcome, socket, useDeployment } from "./target.ts";

useDeployment();

const whoami = makeFunctionReference<"query">("calls:whoami");
const named = (subject: string) => ({
  subject,
  issuer: ISSUER,
  tokenIdentifier: `${ISSUER}|${subject}`,
});

/** Whom `calls:whoami` has shown to a socket's client one after the other, nobody as null. */
function watchMyself() {
  const client = socket();
  const seen: (string | null)[] = [];
  client.onUpdate(whoami, {}, (identity: { subject: string } | null) => {
    const subject = identity?.subject ?? null;
    if (seen.at(-1) !== subject) seen.push(subject);
  });
  return { client, seen };
}
const soon = async (check: () => unknown) => await vi.waitFor(check, 10_000);

describe("a token names the caller of", () => {
  test("a query, with all that it says", async () => {
    const claims = { name: "Ada", email: "ada@harbor.example", email_verified: true, role: "plan" };
    const ada = http({ token: await tokenOf("ada", { claims }) });
    expect(await ada.query("calls:whoami")).toMatchObject({
      ...named("ada"),
      name: "Ada",
      email: "ada@harbor.example",
      emailVerified: true,
      role: "plan",
    });
  });

  test("a mutation", async () => {
    expect(await http({ token: await tokenOf("ada") }).mutation("calls:whoamiMutation")).toBe(
      "ada",
    );
  });

  test("an action and what it calls", async () => {
    const ada = http({ token: await tokenOf("ada") });
    expect(await ada.action("calls:whoamiAction")).toMatchObject(named("ada"));
  });

  test("an http action", async () => {
    const headers = { Authorization: `Bearer ${await tokenOf("ada")}` };
    const answer = await fetch(`${deployment().siteUrl}/whoami`, { headers });
    expect(await answer.json()).toMatchObject(named("ada"));
  });

  test("no job that its bearer schedules", async () => {
    const run = newRun();
    const ada = http({ token: await tokenOf("ada") });
    await ada.mutation("jobs:after", { run, delay: 0, kind: "caller" });
    await soon(async () => expect(await http().query("rows:list", { run })).toEqual(["nobody"]));
  });
});

test.each<[string, () => Promise<string>]>([
  ["has expired", async () => await tokenOf("ada", { life: -60 })],
  ["another key signed", async () => await tokenOf("ada", { word: "pirate" })],
  ["nobody signed", async () => await unsigned("ada")],
  ["is of another issuer", async () => await tokenOf("ada", { issuer: "https://mill.example" })],
  ["is for another audience", async () => await tokenOf("ada", { audience: "mill" })],
  ["is no token", async () => "ahoy"],
])("a token that %s is refused, not overlooked", async (_, token) => {
  const run = newRun();
  const stranger = http({ token: await token() });
  expect(await outcome(stranger.query("calls:whoami"))).toEqual(FAILED);
  expect(await outcome(stranger.mutation("calls:add", { run }))).toEqual(FAILED);
  expect(await http().query("calls:count", { run })).toBe(0);
});

describe("a socket's client", () => {
  test("sees its queries anew once it has signed in, and as another when another does", async () => {
    const { client, seen } = watchMyself();
    await soon(() => expect(seen).toEqual([null]));
    const [ada, linus] = [await tokenOf("ada"), await tokenOf("linus")];
    client.setAuth(async () => ada);
    await soon(() => expect(seen).toEqual([null, "ada"]));
    client.setAuth(async () => linus);
    await soon(() => expect(seen).toEqual([null, "ada", "linus"]));
  });

  test("is told that it is signed in, and calls as whom", async () => {
    const { client } = watchMyself();
    const ada = await tokenOf("ada");
    const told: boolean[] = [];
    client.setAuth(
      async () => ada,
      (isSignedIn) => void told.push(isSignedIn),
    );
    await soon(() => expect(told).toEqual([true]));
    const mutation = makeFunctionReference<"mutation">("calls:whoamiMutation");
    const action = makeFunctionReference<"action">("calls:whoamiAction");
    expect(await client.mutation(mutation, {})).toBe("ada");
    expect(await client.action(action, {})).toMatchObject(named("ada"));
  });

  test("with a token that is not good is told so, and goes on as nobody", async () => {
    const { client, seen } = watchMyself();
    await soon(() => expect(seen).toEqual([null]));
    const forged = await tokenOf("ada", { word: "pirate" });
    const told: boolean[] = [];
    client.setAuth(
      async () => forged,
      (isSignedIn) => void told.push(isSignedIn),
    );
    await soon(() => expect(told).toContain(false));
    expect(told).not.toContain(true);
    expect(await client.query(whoami, {})).toBeNull();
    await soon(() => expect(seen).toEqual([null]));
  });

  test("beside another sees its own answers to the same query", async () => {
    const [one, two] = [watchMyself(), watchMyself()];
    await soon(() => expect([one.seen, two.seen]).toEqual([[null], [null]]));
    const ada = await tokenOf("ada");
    one.client.setAuth(async () => ada);
    await soon(() => expect(one.seen).toEqual([null, "ada"]));
    expect(await two.client.query(whoami, {})).toBeNull();
    expect(two.seen).toEqual([null]);
  });
});
