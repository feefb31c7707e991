import { isDeepStrictEqual } from "node:util";
import { advance } from "../clockwork.ts";
import type { Town } from "../town.ts";
import type { Ledger } from "./ledger.ts";

/** I12, I9: whoever watches a room has in the end what the room is. */
export async function watchers(town: Town, ledger: Ledger): Promise<void> {
  const { world, backend } = town;
  // A connection that broke in silence is given up by its client after a minute.
  await advance(world, world.now + 120_000);
  const ada = [...ledger.all("credentials")].find(({ kind }) => kind === "person");
  const attributes = { subject: ada?._id ?? "", issuer: "", tokenIdentifier: ada?._id ?? "" };
  for (const { room, messages, team } of town.desks) {
    const seen = { messages, team };
    for (const [name, path, args] of [
      ["messages", "messages:list", { room, limit: 100 }],
      ["team", "rooms:getTeamReadiness", { room }],
    ] as const) {
      const outcome = backend.deployment.engine.query({
        path,
        args,
        identity: { kind: "user", attributes },
        caller: "client",
      });
      if (!outcome.success) world.violate("I12", outcome.errorMessage);
      else if (!isDeepStrictEqual(outcome.value, seen[name])) {
        world.violate("I12", `who watches ${name} of ${room} sees something else`);
      }
    }
  }
}
