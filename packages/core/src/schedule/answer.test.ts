import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AnswerStream, MAX_OK_TEXT, answerOf, okTokenProblem } from "./answer.ts";

const ok = (text: string) => ({ kind: "ok", text });
const alert = (text: string) => ({ kind: "alert", text });

describe("the token alone says that nothing needs a person", () => {
  test.each([
    "HEARTBEAT_OK",
    " HEARTBEAT_OK\n",
    "HEARTBEAT_OK.",
    "HEARTBEAT_OK!!!!",
    "**HEARTBEAT_OK**",
    "__HEARTBEAT_OK__.",
    "_HEARTBEAT_OK_",
    "`HEARTBEAT_OK`",
    "```\nHEARTBEAT_OK\n```",
    "```text\nHEARTBEAT_OK\n```",
    "<b>HEARTBEAT_OK</b>",
    '<p class="x"><b>HEARTBEAT_OK</b></p>',
    "> HEARTBEAT_OK",
    "- HEARTBEAT_OK",
    '"HEARTBEAT_OK"',
    "&nbsp;HEARTBEAT_OK&nbsp;",
    "UA_HEARTBEAT_OK",
    "HEARTBEAT_OK HEARTBEAT_OK",
    "HEARTBEAT_OK 🚢",
  ])("%j", (text) => {
    expect(answerOf(text)).toEqual(ok(""));
  });
});

test.each([
  ["HEARTBEAT_OK All is well.", "All is well."],
  ["HEARTBEAT_OK: all is well", "all is well"],
  ["HEARTBEAT_OK – all is well", "all is well"],
  ["**HEARTBEAT_OK** all is well", "all is well"],
  ["<b>HEARTBEAT_OK</b>all is well", "all is well"],
  ["All is well. HEARTBEAT_OK", "All is well."],
  ["All is well.\n\n**HEARTBEAT_OK**!", "All is well."],
  ["**All is well HEARTBEAT_OK**", "All is well"],
  ["<p>HEARTBEAT_OK all is well</p>", "all is well"],
  ["HEARTBEAT_OK all is well HEARTBEAT_OK", "all is well"],
  ["all is well UA_HEARTBEAT_OK...", "all is well"],
])("%j is an OK that says %j", (text, rest) => {
  expect(answerOf(text)).toEqual(ok(rest));
});

test.each([
  "",
  "The build is red.",
  "I was told to say HEARTBEAT_OK but the build is red.",
  "HEARTBEAT_OKAY",
  "HEARTBEAT_OK_2 is the next one",
  "NOT_HEARTBEAT_OK",
  "heartbeat_ok",
  "The build is red. HEARTBEAT_OK!!!!!",
  "HEARTBEAT OK",
])("%j is news as it stands", (text) => {
  expect(answerOf(text)).toEqual(alert(text));
});

test("beside the token 300 characters are a quiet line and one more is news without the token", () => {
  const full = "x".repeat(MAX_OK_TEXT);
  expect(answerOf(`HEARTBEAT_OK ${full}`)).toEqual(ok(full));
  expect(answerOf(`HEARTBEAT_OK ${full}x`)).toEqual(alert(`${full}x`));
  expect(answerOf(`${"🚢".repeat(MAX_OK_TEXT)} HEARTBEAT_OK`).kind).toBe("ok");
});

test("a schedule's own token counts instead, and the other one beside it", () => {
  expect(answerOf("ALL_QUIET", "ALL_QUIET")).toEqual(ok(""));
  expect(answerOf("UA_HEARTBEAT_OK", "ALL_QUIET")).toEqual(ok(""));
  expect(answerOf("HEARTBEAT_OK", "ALL_QUIET")).toEqual(alert("HEARTBEAT_OK"));
});

test("a token is one word that no pattern can hide in", () => {
  expect(okTokenProblem("ALL_QUIET")).toBeNull();
  for (const token of ["", "OK", "A B", ".*", "x".repeat(41), "9LIVES"])
    expect(okTokenProblem(token)).toMatch(/3 to 40 letters/);
});

/** What a watcher of the stream has seen when the answer is over. */
function streamed(chunks: readonly string[], token?: string) {
  const stream = new AnswerStream(token);
  const shown = chunks.map((chunk) => stream.push(chunk));
  const { answer, rest } = stream.end();
  return { shown: shown.join("") + rest, early: shown.join(""), answer };
}

const token = fc.constantFrom("HEARTBEAT_OK", "UA_HEARTBEAT_OK");
const wrapped = fc
  .tuple(
    token,
    fc.constantFrom("", "**", "`", "_", "~~"),
    fc.constantFrom("", ".", "!", " 🚢", "\n"),
  )
  .map(([word, mark, end]) => `${mark}${word}${mark}${end}`);
const words = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.constantFrom(" ", "\n\n", "HEARTBEAT_", "OK", "**", "<b>", "</b>", "The build is red. ", "`"),
  fc.constantFrom("x ".repeat(120), "long ".repeat(200), " ".repeat(300)),
  wrapped,
);
const text = fc.array(words, { maxLength: 8 }).map((parts) => parts.join(""));

/** The text cut at any places, also within the token. */
const cut = fc.tuple(text, fc.array(fc.nat(), { maxLength: 12 })).map(([whole, places]) => {
  const ends = places.map((place) => place % (whole.length + 1)).sort((a, b) => a - b);
  const chunks = [...ends, whole.length].map((end, index) =>
    whole.slice(ends[index - 1] ?? 0, end),
  );
  return { whole, chunks };
});

test("a stream shows exactly what the whole answer says, wherever it is cut", () => {
  fc.assert(
    fc.property(cut, ({ whole, chunks }) => {
      const { shown, answer } = streamed(chunks);
      expect(answer).toEqual(answerOf(whole));
      expect(shown).toBe(answer.text);
    }),
    { numRuns: 2_000 },
  );
});

test("letter by letter, no part of a token at either end is ever shown", () => {
  const news = "The build is red since noon. ".repeat(60).trim();
  for (const whole of [`HEARTBEAT_OK ${news}`, `${news} **HEARTBEAT_OK**.`]) {
    const { shown, early } = streamed(Array.from(whole));
    expect(shown).toBe(news);
    expect(early.length).toBeGreaterThan(1_000);
    expect(early).not.toMatch(/HEART/);
  }
});

test("a token at either end never reaches anybody, whatever stands beside it", () => {
  const plain = fc
    .string({ unit: "grapheme-ascii", maxLength: 900 })
    .filter((beside) => !beside.includes("HEARTBEAT") && !/[<>&]/.test(beside));
  fc.assert(
    fc.property(plain, wrapped, fc.boolean(), (beside, word, atStart) => {
      const { text: rest } = answerOf(atStart ? `${word} ${beside}` : `${beside} ${word}`);
      expect(rest).not.toMatch(/HEARTBEAT_OK/);
    }),
    { numRuns: 1_000 },
  );
});

test.each(["*", "<b>", "_", "HEARTBEAT_", "<", "&nbsp;", "\n- "])(
  "an endless answer of %j is news, and is read in time",
  (part) => {
    expect(answerOf(part.repeat(60_000)).kind).toBe("alert");
  },
);
