import { expect, test } from "vitest";
import type { Message } from "#lib/backend.ts";
import { message } from "../../test/cast.ts";
import { mergePages, pagesBefore, withoutQuietLines } from "./pages.ts";

const between = (from: number, to: number): Message[] =>
  Array.from({ length: to - from + 1 }, (_, index) => message({ seq: from + index }));
const seqs = (messages: Message[]): number[] => messages.map(({ seq }) => seq);

test("while the tail reaches back to where the page began, no other page is read", () => {
  expect(pagesBefore(40, 40, 100)).toEqual([]);
  expect(pagesBefore(null, null, 100)).toEqual([]);
});

test("older pages keep their cursors while the tail moves on", () => {
  expect(pagesBefore(250, 130, 100)).toEqual([200, 300]);
  expect(pagesBefore(260, 130, 100).slice(0, 2)).toEqual([200, 300]);
});

test.each([
  [101, 1],
  [250, 0],
  [99, 98],
  [1000, 333],
])("pages and tail leave no gap with the tail at %i and the page from %i", (tailStart, from) => {
  const tail = between(tailStart, tailStart + 99);
  const pages = pagesBefore(tailStart, from, 100).map((before) =>
    between(Math.max(0, before - 100), Math.min(before, tailStart + 100) - 1),
  );
  expect(seqs(mergePages(pages, tail, from))).toEqual(seqs(between(from, tailStart + 99)));
});

test("what lies behind a page that is still missing is not shown out of order", () => {
  expect(seqs(mergePages([between(0, 99), []], between(200, 299), 0))).toEqual(
    seqs(between(200, 299)),
  );
});

test("quiet lines of schedules can be left out, and what else is said stays", () => {
  const said = [message({ seq: 1 }), message({ seq: 2, type: "summary", quiet: true })];
  const summary = message({ seq: 3, type: "summary" });
  expect(seqs(withoutQuietLines([...said, summary]))).toEqual([1, 3]);
});
