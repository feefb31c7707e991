import { expect, test } from "vitest";
import { CliError } from "../errors.ts";
import { errorText, resultText } from "./envelope.ts";

const result = {
  data: { text: "\u001B[2Jgone" },
  summary: "1 message",
  lines: ["ada", "\u001B]0;owned\u0007gone"],
  next: ["muster messages --room harbor", "muster room list"],
};

test("people read the lines and what they would run now, and no escapes of others", () => {
  expect(resultText(result, { json: false, colours: false })).toBe(
    "ada\ngone\nNext: muster messages --room harbor\n      muster room list\n",
  );
});

test.each([
  [true, "\u001B[32m+gone\u001B[0m\n"],
  [false, "+gone\n"],
])("only we colour a line, and only where colours are shown: %s", (colours, shown) => {
  const lines = [{ text: "+\u001B[31mgone", colour: "green" }] as const;
  expect(resultText({ data: null, summary: "", lines }, { json: false, colours })).toBe(shown);
});

test("programs read one line of JSON that tells everything", () => {
  const text = resultText(result, { json: true, colours: false });
  expect(text.trimEnd().split("\n")).toHaveLength(1);
  expect(JSON.parse(text)).toEqual({
    ok: true,
    data: result.data,
    summary: result.summary,
    next: result.next,
  });
});

test("a refusal is a sentence and what to do, or its kind for programs", () => {
  const error = new CliError("not_found", "There is no \u001B[31mroom.", { hint: "Look around." });
  expect(errorText(error, false)).toBe("There is no room.\nLook around.\n");
  expect(JSON.parse(errorText(error, true))).toEqual({
    ok: false,
    error: { kind: "not_found", message: error.message, hint: "Look around." },
  });
});
