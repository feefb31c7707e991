import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { api } from "./api.ts";
import { connect } from "./connect.ts";
import { temporaryHome } from "../temporary-home.fixture.ts";

/** A backend that takes every connection and says nothing, and a caller that watches something of it. */
async function watchingSilence() {
  const silent = createServer(() => {});
  silent.listen(0, "127.0.0.1");
  await once(silent, "listening");
  onTestFinished(() => void silent.close());
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const backend = connect({
    home: await temporaryHome(),
    credential: { backend: url, secret: "s" },
    exchange: async () => await new Promise(() => {}),
  });
  backend.watch(
    api.tasks.next,
    { room: "harbor", role: "planner" },
    () => {},
    () => {},
  );
  await once(silent, "connection");
  return { silent, backend };
}

test("a caller that ends does not wait for the goodbye of a backend that says nothing", async () => {
  const { backend } = await watchingSilence();
  await expect(backend.close()).resolves.toBeUndefined();
});

test("a socket that says nothing any more can be replaced: what is watched goes on by a new one", async () => {
  const { silent, backend } = await watchingSilence();
  const again = once(silent, "connection");
  backend.reopen();
  expect(await again).toHaveLength(1);
  await backend.close();
});
