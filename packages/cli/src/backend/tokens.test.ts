import { ConvexError } from "convex/values";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Home } from "../home.ts";
import { temporaryHome } from "../temporary-home.fixture.ts";
import type { Credential } from "./credential.ts";
import { tokensFor, type Exchange, type Tokens } from "./tokens.ts";

const HOUR = 3_600_000;
const ada: Credential = { backend: "http://127.0.0.1:3210", secret: "ada's secret" };

/** Tokens whose backend answers with `answers`, one after the other; a thrown one is an Error. */
function tokensWith(
  home: Home,
  answers: readonly (string | Error)[],
  around: { credential?: Credential; now?: () => number } = {},
): { tokens: Tokens; asked: Credential[]; pauses: number[] } {
  const asked: Credential[] = [];
  const pauses: number[] = [];
  const now = around.now ?? (() => 0);
  const exchange: Exchange = (credential) => {
    const answer = answers[asked.length] ?? new Error("asked too often");
    asked.push(credential);
    return typeof answer === "string"
      ? Promise.resolve({ token: answer, expiresAt: now() + HOUR })
      : Promise.reject(answer);
  };
  const tokens = tokensFor({
    home,
    credential: around.credential ?? ada,
    exchange,
    now,
    sleep: (ms) => {
      pauses.push(ms);
      return Promise.resolve();
    },
  });
  return { tokens, asked, pauses };
}

const away = new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } });
const refused = new ConvexError({ kind: "not_signed_in", message: "Revoked." });

test("a token is kept for the next process, 0600, and neither its name nor its text tells the secret", async () => {
  const home = await temporaryHome();
  await tokensWith(home, ["first"]).tokens.demand();
  const later = tokensWith(home, []);
  expect(await later.tokens.demand()).toBe("first");
  const [name = ""] = await readdir(home.tokens);
  const file = join(home.tokens, name);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(name + (await readFile(file, "utf8"))).not.toContain(ada.secret);
});

test("another backend, secret or seat never gets a token that was kept for this one", async () => {
  const home = await temporaryHome();
  await tokensWith(home, ["ada's"]).tokens.demand();
  const others: Credential[] = [
    { ...ada, backend: "http://127.0.0.1:3999" },
    { ...ada, secret: "another" },
    { ...ada, seat: { room: "harbor", role: "builder" } },
  ];
  for (const credential of others) {
    const { tokens, asked } = tokensWith(home, ["its own"], { credential });
    expect(await tokens.demand()).toBe("its own");
    expect(asked).toEqual([credential]);
  }
});

test("a token is exchanged anew a minute before its end", async () => {
  const home = await temporaryHome();
  let now = 0;
  const { tokens } = tokensWith(home, ["first", "second"], { now: () => now });
  await tokens.demand();
  now = HOUR - 59_000;
  expect(await tokens.demand()).toBe("second");
});

test("calls at the same time share one exchange", async () => {
  const home = await temporaryHome();
  const { tokens, asked } = tokensWith(home, ["one"]);
  await Promise.all([tokens.demand(), tokens.demand(), tokens.demand()]);
  expect(asked).toHaveLength(1);
});

test("fetchToken goes on while the backend is away, with longer and longer pauses", async () => {
  const home = await temporaryHome();
  const { tokens, pauses } = tokensWith(home, [away, away, away, "at last"]);
  expect(await tokens.fetchToken({ forceRefreshToken: true })).toBe("at last");
  expect(pauses).toHaveLength(3);
  expect(pauses[2]).toBeGreaterThan(pauses[0] ?? Infinity);
});

test("fetchToken answers null only after a definite refusal", async () => {
  const home = await temporaryHome();
  const { tokens } = tokensWith(home, [away, new Error("Server Error"), refused]);
  expect(await tokens.fetchToken({ forceRefreshToken: true })).toBeNull();
});

test("a refusal ends the token that was kept, too", async () => {
  const home = await temporaryHome();
  const { tokens } = tokensWith(home, ["first", refused]);
  await tokens.demand();
  await expect(tokens.demand({ fresh: true })).rejects.toMatchObject({ exit: 4 });
  expect(await readdir(home.tokens)).toEqual([]);
});

test("a backend whose disk fails while it signs in is out of reach for now, and no refusal", async () => {
  const failed = new Error("[Request ID: 1] Server Error\nThe disk is full.");
  const { tokens } = tokensWith(await temporaryHome(), [failed, "at last"]);
  await expect(tokens.demand()).rejects.toMatchObject({ kind: "unreachable", exit: 7 });
  expect(await tokens.demand()).toBe("at last");
});
