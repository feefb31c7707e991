import type { Ledger, Rule } from "./ledger.ts";

/** I9: messages of a room are counted without gaps. I11: a command is taken once and never too late. */
export function order(ledger: Ledger): Rule {
  const { world } = ledger;
  const last = new Map<string, number>();
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
      for (const { table, before, after } of written) {
        if (table !== "commands" || after?.["status"] !== "claimed") continue;
        if (before?.["status"] === "claimed") continue;
        if (before !== null && before["status"] !== "pending") {
          world.violate("I11", `a command that was ${String(before["status"])} was taken`);
        }
        if (before !== null && (before["deadline"] as number) <= ledger.now) {
          world.violate("I11", "a command was taken after its deadline");
        }
      }
    },
  };
}
