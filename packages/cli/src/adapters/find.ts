import type { AcpOptions } from "./acp/acp.ts";
import type { Home } from "../home.ts";
import { HarnessMissing } from "./adapter.ts";
import type { Adapter, Place } from "./adapter.ts";
import { commandAdapter } from "./command.ts";
import { demoAdapter } from "./demo.ts";
import { DEMO, readHarnesses } from "./harnesses.ts";
import { knownHarness } from "./known.ts";

export interface WantedHarness extends Pick<AcpOptions, "memory" | "tools"> {
  readonly name: string;
  readonly model: string | null;
  readonly role: string;
  readonly place: Place;
}

/** The adapter for a harness by its name on this machine. @throws HarnessMissing if the machine has none of it */
export async function findAdapter(home: Home, wanted: WantedHarness): Promise<Adapter> {
  const { name, model, role, place } = wanted;
  if (name === DEMO.name) return demoAdapter(role, place);
  const { harnesses } = await readHarnesses(home);
  const found =
    harnesses.find((harness) => harness.name === name) ??
    (await knownHarness(name, place.environment["PATH"] ?? ""));
  if (found === null) {
    const known = [DEMO, ...harnesses].map((harness) => harness.name).join(", ");
    throw new HarnessMissing(`This machine has no harness called ${name}; it has ${known}.`);
  }
  const environment = { ...place.environment, ...found.environment };
  if (found.adapter === "command") return commandAdapter(found, model, { ...place, environment });
  // The protocol's library is most of what a start would load, and most programs need none of it.
  const { acpAdapter } = await import("./acp/acp.ts");
  return acpAdapter({ ...wanted, ...found, place: { ...place, environment } });
}
