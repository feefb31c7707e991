import { expect, test } from "vitest";
import { OutputTail } from "./output-tail.ts";

function tailOf(...chunks: string[]): string {
  const tail = new OutputTail();
  for (const chunk of chunks) tail.add(chunk);
  return tail.read();
}

test("of endless output only the last 4 KiB are kept", () => {
  const tail = tailOf(...Array.from({ length: 5_000 }, (_, line) => `line ${line}\n`));

  expect(tail.length).toBeLessThanOrEqual(4_096);
  expect(tail).toMatch(/line 4999$/);
});

test("terminal codes do not reach the room", () => {
  expect(
    tailOf("\u001b[31mred\u001b[0m \u001b]8;;https://evil\u0007link\u001b]8;;\u0007\u0000"),
  ).toBe("red link");
});

test.each([
  ["an AWS key", "AKIAIOSFODNN7EXAMPLE"],
  ["a GitHub token", "ghp_abcdefghijklmnopqrstuvwxyz0123456789"],
  ["a Telegram bot token", "123456789:AAExampleExampleExampleExampleExample"],
  ["a model's key", "sk-ant-api03-abcdefghijklmnopqrstuvwxyz"],
  ["a JWT", "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJsaW51cyJ9.c2lnbmF0dXJlLWhlcmU"],
  ["a password in a URL", "hunter2hunter2", "postgres://linus:hunter2hunter2@db/harbor"],
  ["a bearer header", "q8Zk3vN1w7Yt5Rb2", "Authorization: Bearer q8Zk3vN1w7Yt5Rb2"],
  ["a named secret", "correcthorsebattery", "DB_PASSWORD=correcthorsebattery"],
  ["a named secret in JSON", "correcthorsebattery", `{"apiKey": "correcthorsebattery"}`],
])("%s in an agent's output is redacted", (_what, secret, line = `using ${secret} now`) => {
  const tail = tailOf(`starting\n${line.slice(0, 20)}`, `${line.slice(20)}\nfailed`);

  expect(tail).not.toContain(secret);
  expect(tail).toContain("[redacted]");
  expect(tail).toMatch(/^starting[\s\S]*failed$/);
});

test("a megabyte of regex bait is redacted in no time of the processor", () => {
  const before = process.cpuUsage();

  const tail = tailOf("secret=secret=".repeat(80_000));

  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(50);
  expect(tail).toContain("[redacted]");
});
