import { expect, test, vi } from "vitest";
import { stored } from "#lib/stored.ts";

const parse = (text: string | null) => ({ words: text?.split(" ") ?? [] });

test("what is stored is the same object until it changes", () => {
  const note = stored("muster.note", parse);
  expect(note.read()).toEqual({ words: [] });
  note.write("half a thought");
  const first = note.read();
  expect(first).toEqual({ words: ["half", "a", "thought"] });
  expect(note.read()).toBe(first);
  note.write(null);
  expect(note.read()).toEqual({ words: [] });
});

test("who listens hears of this tab and of others, of this value alone, until they stop", () => {
  const note = stored("muster.note", parse);
  const told = vi.fn<() => void>();
  const stop = note.subscribe(told);
  note.write("a");
  window.dispatchEvent(new StorageEvent("storage", { key: "muster.other" }));
  expect(told).toHaveBeenCalledTimes(1);
  window.dispatchEvent(new StorageEvent("storage", { key: "muster.note" }));
  // Another tab has cleared everything.
  window.dispatchEvent(new StorageEvent("storage", { key: null }));
  expect(told).toHaveBeenCalledTimes(3);
  stop();
  note.write("b");
  window.dispatchEvent(new StorageEvent("storage", { key: "muster.note" }));
  expect(told).toHaveBeenCalledTimes(3);
});
