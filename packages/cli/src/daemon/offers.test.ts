import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { foundFingerprint } from "../adapters/known.ts";
import type { FoundHarness } from "../adapters/known.ts";
import { homeOf } from "../home.ts";
import { keepOffering } from "./offers.ts";

let root: string;
let stop: () => void;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "muster-offers-"));
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
});

afterEach(async () => {
  stop();
  vi.useRealTimers();
  await rm(root, { recursive: true, force: true });
});

test("a program that is installed while the daemon starts is offered, and then nothing until the next change", async () => {
  const offered: (readonly FoundHarness[])[] = [];
  const programs = join(root, "programs");
  const around = {
    home: homeOf({ MUSTER_HOME: root }),
    env: { PATH: `${programs}:${process.env["PATH"] ?? ""}` },
  };
  stop = keepOffering({
    ...around,
    told: await foundFingerprint(around),
    machine: { offer: async (harnesses) => void offered.push(harnesses) },
    log: () => {},
  });
  await mkdir(programs);
  await writeFile(join(programs, "opencode"), "#!/bin/sh\necho 1.2.0\n", { mode: 0o755 });

  vi.advanceTimersByTime(3_000);
  await vi.waitFor(() => expect(offered).toHaveLength(1), 20_000);
  expect(offered[0]?.find(({ name }) => name === "opencode")).toMatchObject({
    problem: {
      message: "opencode 1.2.0 is too old: Muster needs 1.18 or newer",
      command: "opencode upgrade",
    },
  });

  await writeFile(join(programs, "opencode"), "#!/bin/sh\necho 1.18.5\n");
  await vi.waitFor(() => {
    vi.advanceTimersByTime(3_000);
    expect(offered).toHaveLength(2);
  }, 20_000);
  expect(offered[1]).toContainEqual({ name: "opencode", version: "1.18.5" });
});
