import type { Scenarios } from "../home.ts";
import { handoffs } from "./handoff.ts";
import { liveness } from "./liveness.ts";
import { signIns } from "./sign-in.ts";
import { supervision } from "./supervision.ts";

/** All scenarios by what they are about. */
export const suites: Record<string, Scenarios> = { handoffs, liveness, signIns, supervision };
