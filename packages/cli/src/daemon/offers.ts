import { foundFingerprint, foundHarnesses } from "../adapters/known.ts";
import type { Surroundings } from "../adapters/known.ts";
import type { Log } from "../log.ts";
import type { Machine } from "./machine.ts";

/** Somebody who has just installed a program looks at the page for about this long. */
const LOOK_EVERY_MS = 3_000;

export interface Offering extends Surroundings {
  readonly machine: Pick<Machine, "offer">;
  readonly log: Log;
  /** The fingerprint of before the machine looked for what it registered with: what changed since then is told. */
  readonly told: string;
}

/** Tells the room when programs of this machine come, go or change. Looks at files only; nothing is run for it. */
export function keepOffering(offering: Offering): () => void {
  const { log } = offering;
  let known = offering.told;
  let busy = false;
  const look = async (): Promise<void> => {
    const now = await foundFingerprint(offering);
    if (known !== now) await offer(offering);
    known = now;
  };
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    look()
      .catch((error: unknown) => log("not offered", { message: String(error) }))
      .finally(() => (busy = false));
  }, LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

async function offer(offering: Offering): Promise<void> {
  const harnesses = await foundHarnesses(offering);
  await offering.machine.offer(harnesses);
  offering.log("offered", { harnesses: harnesses.map(({ name }) => name) });
}
