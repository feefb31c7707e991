import { describe, expect, test } from "vitest";
import { checkAdminKey, isAdminKey } from "../src/auth/admin-key.ts";
import { Callers } from "../src/auth/caller.ts";
import { TokenVerifier } from "../src/auth/token.ts";
import { canonicalPath } from "../src/engine/functions.ts";
import { SyncHub } from "../src/sync/hub.ts";
import { tableOfId } from "../src/values/id.ts";
import { readClientMessage } from "../src/wire/message.ts";
import { plainJson } from "../src/wire/plain-json.ts";
import { decodeTimestamp } from "../src/wire/timestamp.ts";

const MB = 1024 * 1024;
/** Milliseconds of this process's time. 50 is the aim on a quiet computer; the rest is for one that runs other tests beside. */
const LONGEST = 200;

const ISSUER = { type: "customJwt", issuer: "x", jwks: "data:,{}", algorithm: "ES256" } as const;
const callers = new Callers(
  new TokenVerifier(() => [ISSUER], Date.now),
  `harbor|${"k".repeat(32)}`,
);

/** Texts that lead careless readers astray: what is not linear takes minutes for them. */
const baits: Readonly<Record<string, string>> = {
  spaces: " ".repeat(MB),
  colons: ":".repeat(MB),
  dots: "a.".repeat(MB / 2),
  slashes: "/".repeat(MB),
  letters: `${"A".repeat(MB)}!`,
  zeros: `${"0".repeat(MB)}g`,
  percents: "%2".repeat(MB / 2),
  brackets: "[".repeat(MB),
  nested: "[".repeat(MB / 2) + "]".repeat(MB / 2),
  objects: '{"a":'.repeat(MB / 5),
  lists: `[${"0,".repeat(MB / 2)}0]`,
};

const frame = (bait: string) =>
  `{"type":"Mutation","requestId":0,"udfPath":${JSON.stringify(bait)},"args":[{}]}`;

/** Everything that reads what a stranger sends, before it is known who that is. */
const readers: Readonly<Record<string, (bait: string) => unknown>> = {
  "a frame": readClientMessage,
  "a frame's text": (bait) => readClientMessage(frame(bait)),
  "a session": (bait) =>
    readClientMessage(`{"type":"Connect","sessionId":${JSON.stringify(bait)}}`),
  "a timestamp": decodeTimestamp,
  "a function's path": canonicalPath,
  "an id": tableOfId,
  "a socket's path": (bait) => SyncHub.isSyncPath(`/api/${bait}`),
  "an admin key": (bait) => isAdminKey(bait, `harbor|${"k".repeat(32)}`),
  "a configured key": checkAdminKey,
  "a header": (bait) => callers.ofHeader(bait).catch(() => undefined),
  "a token": (bait) => callers.ofHeader(`Bearer ${bait}`).catch(() => undefined),
  "an identity to act as": (bait) => callers.ofHeader(`Convex a|b:${bait}`).catch(() => undefined),
  "a value": (bait) => plainJson([bait, { $integer: "AAAAAAAAAAA=" }]),
};

async function cpuMs(run: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  try {
    await run();
  } catch {
    // A refusal is as good an end as any: how long it took is the question.
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** The best of three: other work of this process is counted, too. */
async function best(run: () => unknown): Promise<number> {
  return Math.min(await cpuMs(run), await cpuMs(run), await cpuMs(run));
}

describe("a megabyte of bait is read in no time", () => {
  test.each(Object.entries(readers))("as %s", async (_, reader) => {
    const slow: string[] = [];
    for (const [kind, bait] of Object.entries(baits)) {
      const taken = await best(() => reader(bait));
      if (taken > LONGEST) slow.push(`${kind}: ${taken} ms`);
    }
    expect(slow).toEqual([]);
  });
});
