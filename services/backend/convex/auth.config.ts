import type { AuthConfig } from "convex/server";
import { env } from "./_generated/server.js";

/** The deployment is its own issuer: `auth.exchange` signs, this file says what is accepted. */
export default {
  providers: [
    {
      type: "customJwt",
      issuer: env.CONVEX_SITE_URL ?? "",
      applicationID: "muster",
      algorithm: "ES256",
      jwks: env.MUSTER_JWKS ?? "",
    },
  ],
} satisfies AuthConfig;
