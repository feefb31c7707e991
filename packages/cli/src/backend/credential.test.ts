import { writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { temporaryHome } from "../temporary-home.fixture.ts";
import { machineCredential, personCredential, writeCredential } from "./credential.ts";

const OURS = "http://127.0.0.1:3210";
const secret = "ada's secret";

test("a credential is read for the backend that gave it and for no other address", async () => {
  const home = await temporaryHome();
  for (const [file, read] of [
    [home.personCredential, personCredential],
    [home.machineCredential, machineCredential],
  ] as const) {
    await writeCredential(file, { backend: OURS, secret });
    expect(await read(home, OURS)).toEqual({ backend: OURS, secret });
    for (const other of [
      "https://evil.example",
      "http://127.0.0.1:3211",
      "http://127.0.0.1:3210.evil.example",
      "http://127.0.0.1:3210@evil.example",
      "https://127.0.0.1:3210",
    ]) {
      expect(await read(home, other)).toBeNull();
    }
  }
});

test("a credential file that names no backend is refused, not guessed", async () => {
  const home = await temporaryHome();
  await writeCredential(home.personCredential, { backend: OURS, secret });
  await writeFile(home.personCredential, JSON.stringify({ secret }));
  await expect(personCredential(home, OURS)).rejects.toThrow("is not a credential");
});
