import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { git } from "../demo/git.ts";
import { createRepository } from "../demo/repository.ts";
import { homeOf } from "../home.ts";
import { workplaceAt } from "./workplace.ts";

let base: string;
const home = () => homeOf({ MUSTER_HOME: join(base, "home") });

beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), "muster-workplace-")));
  await createRepository(join(base, "clean"));
  await createRepository(join(base, "dirty"));
  await writeFile(join(base, "dirty", "notes"), "");
  await mkdir(join(base, "plain"));
  await mkdir(join(base, "empty"));
  await git(join(base, "empty"), "init", "--quiet");
  await symlink(join(base, "clean"), join(base, "link"));
});
afterAll(async () => await rm(base, { recursive: true, force: true }));

test("a clean repository needs no word, and is named by its real path", async () => {
  const path = join(base, "clean");
  expect(await workplaceAt(home(), join(base, "link"))).toEqual({ path, warnings: [] });
});

test.each([
  ["dirty", /dirty has changes that are not committed/],
  ["empty", /empty has no commit yet/],
])("a repository that is %s can be worked in, with a word about it", async (name, warning) => {
  const { warnings } = await workplaceAt(home(), join(base, name));
  expect(warnings).toEqual([expect.stringMatching(warning)]);
});

test.each([
  ["nowhere", "not_found", /^The working directory .*nowhere does not exist\.$/],
  ["plain", "invalid", /plain is not in a git repository\.$/],
  ["clean/README.md", "invalid", /README\.md is no directory\.$/],
])("%s is refused in one sentence", async (name, kind, message) => {
  await expect(workplaceAt(home(), join(base, name))).rejects.toMatchObject({
    kind,
    message: expect.stringMatching(message),
  });
});

test("a directory that is no repository comes with the command that makes it one", async () => {
  const hint = `To make it one: git init ${join(base, "plain")}`;
  await expect(workplaceAt(home(), join(base, "plain"))).rejects.toMatchObject({ hint });
});

test("a directory outside of what the owner allows is refused, and says what is allowed", async () => {
  const strict = homeOf({ MUSTER_HOME: join(base, "strict") });
  await mkdir(strict.root, { mode: 0o700 });
  const roots = [join(base, "dirty")];
  await writeFile(join(strict.root, "harnesses.json"), JSON.stringify({ roots }), { mode: 0o600 });
  await expect(workplaceAt(strict, join(base, "clean"))).rejects.toMatchObject({
    kind: "not_allowed",
    hint: expect.stringContaining(`It allows ${join(base, "dirty")}`),
  });
});
