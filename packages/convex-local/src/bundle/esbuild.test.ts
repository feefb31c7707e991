import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build, stop } from "esbuild";
import { expect, onTestFinished, test, vi } from "vitest";
import { bundle } from "./bundle.ts";

const harbor = join(import.meta.dirname, "../../test/fixtures/harbor");

/** The programs that this process has started and that run now. */
function children(): string[] {
  const pids = readFileSync(`/proc/self/task/${process.pid}/children`, "utf8").split(" ");
  return pids.filter((pid) => pid !== "").map((pid) => readFileSync(`/proc/${pid}/comm`, "utf8"));
}

test("no bundler is left running beside a server, and the next bundle has one again", async () => {
  for (let times = 0; times < 2; times += 1) {
    await Promise.all([bundle(harbor), bundle(harbor)]);
    expect(children()).toContain("esbuild\n");
    await vi.waitFor(() => expect(children()).not.toContain("esbuild\n"), 5_000);
  }
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
  const before = children().length;
  await vi.waitFor(() => expect(children().length).toBeLessThan(before), 5_000);
  give("export const lighthouse = 1;");
  expect((await theirs).outputFiles[0]?.text).toContain("lighthouse");
});
