import type { Identity, UserAttributes } from "../engine/engine.ts";
import { isAdminKey } from "./admin-key.ts";
import { TokenError } from "./token.ts";
import type { TokenVerifier } from "./token.ts";

/** Who calls and until when that is known to hold (milliseconds since the epoch; null = no end). */
export interface Caller {
  readonly identity: Identity;
  readonly expiresAt: number | null;
}

export const NOBODY: Caller = { identity: { kind: "none" }, expiresAt: null };

/** Turns what a client presents into an identity. A credential that is present but not valid is never "nobody". */
export class Callers {
  readonly #tokens: TokenVerifier;
  readonly #adminKey: string;

  constructor(tokens: TokenVerifier, adminKey: string) {
    this.#tokens = tokens;
    this.#adminKey = adminKey;
  }

  /** Rejects with TokenError. */
  async user(token: string): Promise<Caller> {
    const { attributes, expiresAt } = await this.#tokens.verify(token);
    return { identity: { kind: "user", attributes }, expiresAt };
  }

  /** Throws TokenError. */
  admin(key: string, actingAs?: UserAttributes): Caller {
    if (!isAdminKey(withoutPrefix(key), this.#adminKey)) {
      throw new TokenError("The admin key is not valid for this deployment.");
    }
    const identity: Identity =
      actingAs === undefined ? { kind: "admin" } : { kind: "admin", actingAs };
    return { identity, expiresAt: null };
  }

  /** The caller of an HTTP request by its Authorization header. Rejects with TokenError. */
  async ofHeader(header: string | undefined): Promise<Caller> {
    if (header === undefined) return NOBODY;
    const [, scheme, value] = /^(Bearer|Convex) (.+)$/i.exec(header.trim()) ?? [];
    if (scheme === undefined || value === undefined) {
      throw new TokenError("The Authorization header must be `Bearer <token>` or `Convex <key>`.");
    }
    return scheme.toLowerCase() === "bearer" ? await this.user(value) : this.ofAdminHeader(value);
  }

  /** `[prod:|dev:]<key>[:<base64 JSON identity>]`. Throws TokenError. */
  ofAdminHeader(value: string): Caller {
    const [key = "", encoded, ...more] = withoutPrefix(value).split(":", 3);
    if (more.length > 0) throw new TokenError("The admin key is not valid for this deployment.");
    const caller = this.admin(key);
    return encoded === undefined ? caller : this.admin(key, readIdentity(encoded));
  }
}

function withoutPrefix(key: string): string {
  return key.replace(/^(prod|dev):/, "");
}

function readIdentity(encoded: string): UserAttributes {
  try {
    const identity: unknown = JSON.parse(Buffer.from(encoded, "base64").toString());
    if (typeof identity === "object" && identity !== null && !Array.isArray(identity)) {
      return identity as UserAttributes;
    }
  } catch {
    // Falls through: whatever is not a JSON object gets the same answer.
  }
  throw new TokenError("The identity to act as is not a JSON object in base64.");
}
