import { defineApp } from "convex/server";
import { v } from "convex/values";

/** The deployment's variables; `muster up` sets them, elsewhere `muster keys` prints the lines. */
const app = defineApp({
  env: {
    /** The public keys that tokens are checked against, as a data URI. */
    MUSTER_JWKS: v.optional(v.string()),
    /** The private ES256 key that `auth.exchange` signs with: a JWK or PKCS8 PEM. */
    MUSTER_JWT_KEY: v.optional(v.string()),
    /** Which timing profile of core holds; `fast` when absent. */
    MUSTER_TIMING: v.optional(v.string()),
    /** `off` lifts the limits on how often people and programs may do something: for benchmarks. */
    MUSTER_RATES: v.optional(v.string()),
    /** `off` switches off everything that happens on a schedule, in every room. */
    MUSTER_SCHEDULES: v.optional(v.string()),
  },
});

export default app;
