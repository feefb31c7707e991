import { timingProfile } from "@muster/core";
import type { Timing } from "@muster/core";
import { env } from "../_generated/server.js";

/** The profile that this deployment lives by. */
export function timing(): Timing {
  return timingProfile(env.MUSTER_TIMING ?? "fast");
}
