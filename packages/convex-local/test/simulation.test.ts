import { makeFunctionReference } from "convex/server";
import { beforeAll, afterAll, describe, expect, test } from "vitest";
import { seededRandom, SimulatedCrypto } from "../src/in-process.ts";
import { Issuer } from "./issuer.ts";
import { SimulatedHome } from "./simulated-home.ts";
import { SimulatedTime } from "./simulated-time.ts";

const append = makeFunctionReference<"mutation", { text: string }, number>("ledger:append");
const texts = makeFunctionReference<"query", Record<string, never>, string[]>("ledger:texts");
const MINUTE = 60_000;

let jwks: string;
let token: string;
let restore: () => void;

beforeAll(async () => {
  const issuer = await Issuer.create();
  jwks = issuer.jwks;
  token = await issuer.tokenFor("ada", "http://127.0.0.1:3211", new SimulatedTime().now());
  restore = new SimulatedCrypto(seededRandom("crypto")).install();
});

afterAll(() => restore());

/** Two hours of subscribers, requests, jobs, crons and actions, with a crash in the middle. */
async function voyage(seed: number) {
  const home = await SimulatedHome.open(seed, {
    env: { HARBOR_JWKS: jwks },
    rerunMutations: 0.3,
  });
  const { time } = home;
  const lines = [home.connect(), home.connect()];
  for (const line of lines) line.watch(["ledger:texts", {}], ["ledger:withText", { text: "tide" }]);
  for (const [at, text] of ["one", "two", "three", "four", "five"].entries()) {
    lines[at % 2]?.mutate(at, "ledger:append", { text });
    void home.client(at % 2 === 0 ? token : undefined).mutation(append, { text: `http ${text}` });
    await time.advance(700);
  }
  await time.advance(7 * MINUTE);
  home.deployment.crash();
  await home.restart();
  lines.push(home.connect());
  lines[2]?.watch(["ledger:texts", {}]);
  const request = new Request(`${home.deployment.siteUrl}/observe`, {
    method: "POST",
    body: "sky",
  });
  expect(await (await time.until(home.deployment.fetch(request))).text()).toBe("observed");
  await time.advance(113 * MINUTE);
  expect(await time.until(home.client().query(texts, {}))).toEqual(home.texts);
  return {
    commits: home.commits,
    transcripts: lines.map(({ transcript }) => transcript),
    entries: home.deployment.documents("entries"),
    calls: home.deployment.calls(),
    log: home.log,
  };
}

describe("a deployment inside a simulation", () => {
  test("does exactly the same for the same seed", async () => {
    const [first, second] = [await voyage(7), await voyage(7)];
    expect(first.commits.length).toBeGreaterThan(200);
    expect(second).toEqual(first);
  });

  test("does everything that one with ports does", async () => {
    const { entries, transcripts, calls, log } = await voyage(8);
    const seen = new Set(entries.map((entry) => (JSON.parse(entry) as { text: string }).text));
    for (const text of ["one", "http one", "tide", "hour", "sky"]) expect(seen).toContain(text);
    expect([...seen].some((text) => text.startsWith("after "))).toBe(true);
    expect([...seen].some((text) => text.startsWith("about "))).toBe(true);
    const authors = entries.map((entry) => (JSON.parse(entry) as { by: unknown }).by);
    expect(authors).toContain("ada");
    expect(transcripts[0]?.join()).toContain("tide");
    expect(calls.action).toBeGreaterThan(100);
    expect(log).toEqual([]);
  });

  test("does something else for another seed", async () => {
    const [first, second] = [await voyage(7), await voyage(9)];
    expect(second.commits).not.toEqual(first.commits);
  });
});
