import { PassThrough } from "node:stream";
import { afterEach, expect, test, vi } from "vitest";
import { homeOf } from "./home.ts";
import type { Invocation } from "./invocation.ts";
import { optionalTextOf, textOf } from "./text.ts";

afterEach(() => void vi.useRealTimers());

function calledWith(stdin: Invocation["stdin"]): Invocation {
  return {
    env: {},
    home: homeOf({ MUSTER_HOME: "/nowhere" }),
    json: true,
    terminal: false,
    stdin,
    stdout: new PassThrough(),
    progress: () => undefined,
    announce: () => Promise.resolve(),
    defer: () => undefined,
  };
}

function piped(text: string): PassThrough {
  return new PassThrough().end(text);
}

test("words are the text; without words, or with a dash, it is what is piped in", async () => {
  expect(await textOf(calledWith(piped("piped\nin\n\n")), ["two", "words"])).toBe("two words");
  expect(await textOf(calledWith(piped("piped\nin\n\n")), [])).toBe("piped\nin");
  expect(await textOf(calledWith(piped("piped\nin\n\n")), ["-"])).toBe("piped\nin");
});

test("letters that were cut in two by the pipe come out whole", async () => {
  const pipe = new PassThrough();
  const bytes = Buffer.from("größer 🙂");
  for (const byte of bytes) pipe.write(Buffer.of(byte));
  pipe.end();
  expect(await textOf(calledWith(pipe), [])).toBe("größer 🙂");
});

test("a pipe that a harness left open and silent is not waited for when no text is needed", async () => {
  vi.useFakeTimers();
  const text = optionalTextOf(calledWith(new PassThrough()), []);
  await vi.advanceTimersByTimeAsync(500);
  expect(await text).toBeUndefined();
});

test("nothing but blanks is no text", async () => {
  await expect(textOf(calledWith(piped(" \n")), [])).rejects.toMatchObject({
    exit: 2,
  });
});

test("more than four megabytes are not read to their end", async () => {
  const pipe = new PassThrough();
  const text = textOf(calledWith(pipe), []);
  pipe.write("x".repeat(5 * 1024 * 1024));
  await expect(text).rejects.toMatchObject({ kind: "too_large", exit: 8 });
});
