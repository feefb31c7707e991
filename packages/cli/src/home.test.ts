import { chmod, readdir, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { ensurePrivateDir, readPrivateJson, writePrivateJson } from "./home.ts";
import type { Home } from "./home.ts";
import { temporaryHome } from "./temporary-home.fixture.ts";

test("a private file is 0600 in directories of 0700, whatever the umask says", async () => {
  const before = process.umask(0);
  try {
    const home = await temporaryHome();
    await writePrivateJson(home.personCredential, { secret: "s" });
    expect((await stat(home.personCredential)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(home.personCredential))).mode & 0o777).toBe(0o700);
  } finally {
    process.umask(before);
  }
});

test("a file that others may read is refused, with the command that closes it", async () => {
  const home = await temporaryHome();
  await writePrivateJson(home.current, {});
  await chmod(home.current, 0o640);
  await expect(readPrivateJson(home.current)).rejects.toMatchObject({
    kind: "not_allowed",
    hint: `If nobody else has touched it: chmod 600 ${home.current}`,
  });
});

test("a directory that others may look into is refused and left as it is", async () => {
  const home = await temporaryHome();
  await ensurePrivateDir(home.data);
  await chmod(home.data, 0o755);
  await expect(ensurePrivateDir(home.data)).rejects.toMatchObject({
    exit: 5,
    hint: `If it is yours alone: chmod 700 ${home.data}`,
  });
  expect((await stat(home.data)).mode & 0o777).toBe(0o755);
});

test.each([
  ["a file", (home: Home) => home.current],
  ["below a file", (home: Home) => join(home.current, "data")],
  ["a name that is too long", (home: Home) => join(home.root, "x".repeat(5_000))],
  ["where the system makes none", () => "/proc/muster/harbor"],
])("a directory that cannot be made is refused by its name: %s", async (_why, where) => {
  const home = await temporaryHome();
  await writePrivateJson(home.current, {});
  const dir = where(home);
  await expect(ensurePrivateDir(dir)).rejects.toMatchObject({
    exit: 2,
    message: expect.stringMatching(/^No directory can be made at .*: [a-z -]+\.$/),
    hint: "Name another place with MUSTER_HOME or --data.",
  });
});

test("a directory that two make at once is made", async () => {
  const home = await temporaryHome();
  const dir = join(home.data, "a", "b");
  await Promise.all([ensurePrivateDir(dir), ensurePrivateDir(dir), ensurePrivateDir(home.data)]);
  expect((await stat(dir)).mode & 0o777).toBe(0o700);
});

test.each(["", "{", "[1]", '"text"', "null"])(
  "%j where an object belongs is refused by name",
  async (text) => {
    const home = await temporaryHome();
    await writeFile(home.current, text, { mode: 0o600 });
    await expect(readPrivateJson(home.current)).rejects.toThrow(
      `${home.current} does not hold a JSON object.`,
    );
  },
);

test("a write that cannot end leaves the old file and no half one", async () => {
  const home = await temporaryHome();
  await writePrivateJson(home.current, { pid: 1 });
  const cyclic: { self?: object } = {};
  cyclic.self = cyclic;
  await expect(writePrivateJson(home.current, cyclic)).rejects.toThrow("circular");
  expect(await readPrivateJson(home.current)).toEqual({ pid: 1 });
  expect(await readdir(home.root)).toEqual(["current.json"]);
});

test("a directory in the place of a private file is refused", async () => {
  const home = await temporaryHome();
  await ensurePrivateDir(join(home.root, "current.json"));
  await expect(readPrivateJson(home.current)).rejects.toMatchObject({ kind: "not_allowed" });
});
