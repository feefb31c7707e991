import { expect, test } from "vitest";
import { Changes } from "./changes.ts";

test("who is slow gets the newest value and none twice", async () => {
  const changes = new Changes<number>();
  changes.tell(1);
  changes.tell(2);
  expect(await changes.next()).toBe(2);

  const next = changes.next();
  changes.tell(3);
  expect(await next).toBe(3);
});

test("a failure reaches who waits, and who comes later although a value came after it", async () => {
  const changes = new Changes<number>();
  const waiting = changes.next();
  changes.end(new Error("not_found"));
  await expect(waiting).rejects.toThrow("not_found");
  changes.tell(1);
  await expect(changes.next()).rejects.toThrow("not_found");
});

test("after the end there is nothing to wait for", async () => {
  const changes = new Changes<number>();
  changes.tell(1);
  changes.end();
  expect(await changes.next()).toBeUndefined();
});
