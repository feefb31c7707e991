import type { Ledger, Rule, Written } from "./ledger.ts";

/**
 * I9: messages of a room are counted without gaps, and what a person said stands there once. I11: a command is taken once and never
 * too late, and asked for once at a time.
 */
export function order(ledger: Ledger): Rule {
  const { world } = ledger;
  const last = new Map<string, number>();
  /** A person never says the same twice. */
  const said = new Set<string>();
  return {
    onCommit(written) {
      const messages = written
        .filter(({ table, before }) => table === "messages" && before === null)
        .map(({ after }) => after as unknown as { roomId: string; seq: number })
        .sort((a, b) => a.seq - b.seq);
      for (const { roomId, seq } of messages) {
        const expected = (last.get(roomId) ?? seq - 1) + 1;
        if (seq !== expected) world.violate("I9", `message ${seq} came when ${expected} was next`);
        last.set(roomId, seq);
      }
      for (const { before, after } of written.filter(({ table }) => table === "messages")) {
        const { kind } = (after?.["sender"] ?? {}) as { kind?: string };
        if (before !== null || kind !== "person") continue;
        const words = `${String(after?.["roomId"])} ${String(after?.["text"])}`;
        if (said.has(words)) world.violate("I9", `"${String(after?.["text"])}" was said once`);
        said.add(words);
      }
      checkOnce(ledger, written);
      for (const { table, before, after } of written) {
        if (table !== "commands" || after?.["status"] !== "claimed") continue;
        if (before?.["status"] === "claimed") {
          if (before["deadline"] !== after["deadline"]) {
            world.violate("I11", "a command that was taken was taken once more");
          }
          continue;
        }
        if (before !== null && before["status"] !== "pending") {
          world.violate("I11", `a command that was ${String(before["status"])} was taken`);
        }
        const isLate = before !== null && (before["deadline"] as number) <= ledger.now;
        if (isLate && !ledger.isCatchingUp) {
          world.violate("I11", "a command was taken after its deadline");
        }
      }
    },
  };
}

const OPEN = new Set<unknown>(["pending", "claimed"]);

function checkOnce(ledger: Ledger, written: readonly Written[]): void {
  for (const { table, before, after } of written) {
    if (table !== "commands" || before !== null || !OPEN.has(after?.["status"])) continue;
    const same = [...ledger.all("commands")].filter(
      (one) =>
        OPEN.has(one["status"]) &&
        ["roomId", "role", "kind"].every((name) => one[name] === after?.[name]),
    );
    if (same.length < 2) continue;
    ledger.world.violate(
      "I11",
      `${String(after?.["kind"])} of ${String(after?.["role"])} was asked for twice at once`,
    );
  }
}
