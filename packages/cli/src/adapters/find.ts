import type { Home } from "../home.ts";
import { HarnessUnusable } from "./adapter.ts";
import type { Adapter } from "./adapter.ts";
import { commandAdapter } from "./command.ts";
import { demoAdapter } from "./demo.ts";
import { DEMO, readHarnesses } from "./harnesses.ts";

export interface WantedHarness {
  readonly name: string;
  readonly model: string | null;
  readonly role: string;
  /** Where programs are looked for. */
  readonly path: string;
}

/** The adapter for a harness by its name on this machine. @throws HarnessUnusable if the machine has none of it */
export async function findAdapter(home: Home, wanted: WantedHarness): Promise<Adapter> {
  if (wanted.name === DEMO.name) return demoAdapter(wanted.role);
  const { harnesses } = await readHarnesses(home);
  const found = harnesses.find(({ name }) => name === wanted.name);
  if (found === undefined || !("argv" in found)) {
    const known = harnesses.map(({ name }) => name).join(", ");
    throw new HarnessUnusable(
      `This machine has no harness called ${wanted.name}; it has ${known}.`,
    );
  }
  return commandAdapter(found, wanted.model, wanted.path);
}
