import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build, stop } from "esbuild";
import { expect, onTestFinished, test, vi } from "vitest";
import { bundle } from "./bundle.ts";

const harbor = join(import.meta.dirname, "../../test/fixtures/harbor");

/** How many bundlers this process has started that run now; other tests of it may have left theirs. */
function bundlers(): number {
  const pids = readFileSync(`/proc/self/task/${process.pid}/children`, "utf8").split(" ");
  const names = pids.filter((pid) => pid !== "").map((pid) => readFileSync(`/proc/${pid}/comm`));
  return names.filter((name) => name.toString() === "esbuild\n").length;
}

test("no bundler is left running beside a server, and the next bundle has one again", async () => {
  await bundle(harbor);
  const withOurs = bundlers();
  await vi.waitFor(() => expect(bundlers()).toBe(withOurs - 1), 5_000);
  await Promise.all([bundle(harbor), bundle(harbor)]);
  expect(bundlers()).toBe(withOurs);
  await vi.waitFor(() => expect(bundlers()).toBe(withOurs - 1), 5_000);
});

test("a build of somebody else's in this process is not ended with ours", async () => {
  onTestFinished(() => stop());
  const { promise: text, resolve: give } = Promise.withResolvers<string>();
  const theirs = build({
    entryPoints: ["harbor"],
    write: false,
    plugins: [
      {
        name: "slow",
        setup(slow) {
          slow.onResolve({ filter: /^harbor$/ }, () => ({ path: "harbor", namespace: "slow" }));
          slow.onLoad({ filter: /.*/, namespace: "slow" }, async () => ({ contents: await text }));
        },
      },
    ],
  });
  await bundle(harbor);
  const withOurs = bundlers();
  await vi.waitFor(() => expect(bundlers()).toBe(withOurs - 1), 5_000);
  give("export const lighthouse = 1;");
  expect((await theirs).outputFiles[0]?.text).toContain("lighthouse");
});
