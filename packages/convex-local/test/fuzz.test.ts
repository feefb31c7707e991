import * as fc from "fast-check";
import { expect, test } from "vitest";
import { amountOf } from "../../../scripts/amount.mjs";
import { conversation, request } from "./fuzz-frames.ts";
import type { Frame } from "./fuzz-frames.ts";
import { Neighbour } from "./fuzz-neighbour.ts";
import { ask } from "./raw-http.ts";
import { serve } from "./serve.ts";
import { SyncSocket } from "./sync-socket.ts";

const RUNS = amountOf("MUSTER_FUZZ", process.env["MUSTER_FUZZ"], 300);
const PATIENCE = { timeout: 20_000 + RUNS * 100 };

/** A deployment that keeps what it says about itself, and a client that behaves beside those that do not. */
async function harbor() {
  const faults: string[] = [];
  const deployment = await serve({
    onLog: (line) => {
      // What a function says of itself is no fault of the server.
      if (/^(sync connection failed|\w+ request failed|pruning failed)/.test(line))
        faults.push(line);
    },
  });
  return { faults, deployment, ada: await Neighbour.join(deployment) };
}

const LAST = { type: "Action", requestId: 99_999, udfPath: "messages:echo", args: [{ value: 1 }] };

/** Says all of it, waits for an answer to one thing more if the line still stands, and leaves. Answers how it ended. */
async function converse(url: string, frames: readonly Frame[]): Promise<string> {
  const socket = await SyncSocket.open(url, { connect: false });
  for (const frame of frames) socket.raw(typeof frame === "function" ? frame() : frame);
  socket.send(LAST);
  try {
    for (;;) {
      const { type, requestId } = await socket.take();
      if (type === "ActionResponse" && requestId === LAST.requestId) break;
    }
    socket.close();
  } catch {
    // The line was closed: that is an end, too.
  }
  const { code, reason } = await socket.closed;
  return `${code} ${reason}`.trim();
}

test(
  "whatever a socket says, it is told and sent away, and nobody else notices",
  PATIENCE,
  async () => {
    const { faults, deployment, ada } = await harbor();
    const ends = new Set<string>();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(conversation, async (frames) => {
        ends.add(await converse(deployment.url, frames));
        expect(faults).toEqual([]);
        run += 1;
        if (run % 20 === 0) await ada.carriesOn();
      }),
      { numRuns: RUNS },
    );
    // 1005 is a close without a code, after a FatalError or by the client itself; 1011 would be a fault of ours.
    expect([...ends]).toEqual(["1005"]);
    await ada.carriesOn();
  },
);

test(
  "whatever is asked over HTTP, it is answered or refused, and nobody else notices",
  PATIENCE,
  async () => {
    const { faults, deployment, ada } = await harbor();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(request, async (asked) => {
        const { status } = await ask(deployment.url, asked);
        expect(status).toBeLessThan(500);
        expect(faults).toEqual([]);
        run += 1;
        if (run % 20 === 0) await ada.carriesOn();
      }),
      { numRuns: RUNS },
    );
    await ada.carriesOn();
  },
);
