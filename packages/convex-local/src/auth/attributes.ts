import type { JSONValue } from "convex/values";
import type { UserAttributes } from "../engine/engine.ts";

/** The OpenID standard claims and the names under which `getUserIdentity()` returns them. */
const STANDARD_CLAIMS: Readonly<Record<string, string>> = {
  name: "name",
  given_name: "givenName",
  family_name: "familyName",
  nickname: "nickname",
  preferred_username: "preferredUsername",
  profile: "profileUrl",
  picture: "pictureUrl",
  website: "websiteUrl",
  email: "email",
  email_verified: "emailVerified",
  gender: "gender",
  birthdate: "birthday",
  zoneinfo: "timezone",
  locale: "language",
  phone_number: "phoneNumber",
  phone_number_verified: "phoneNumberVerified",
  address: "address",
  updated_at: "updatedAt",
};

/** Claims about the token rather than the person: in the identity they would split the query cache. */
const TOKEN_CLAIMS = new Set(["iss", "sub", "aud", "exp", "iat", "nbf", "jti"]);

/** What a function sees of a verified token. Custom claims keep their names, nested ones become `outer.inner`. */
export function attributesOf(
  issuer: string,
  subject: string,
  claims: { readonly [claim: string]: unknown },
): UserAttributes {
  const attributes: { [claim: string]: JSONValue } = {};
  for (const [claim, value] of Object.entries(claims)) {
    if (TOKEN_CLAIMS.has(claim) || value === undefined || value === null) continue;
    const standard = Object.hasOwn(STANDARD_CLAIMS, claim) ? STANDARD_CLAIMS[claim] : undefined;
    if (standard !== undefined) attributes[standard] = standardValue(claim, value as JSONValue);
    else flatten(claim, value as JSONValue, attributes);
  }
  return { ...attributes, tokenIdentifier: `${issuer}|${subject}`, issuer, subject };
}

function standardValue(claim: string, value: JSONValue): JSONValue {
  if (claim === "updated_at" && typeof value === "number") {
    return new Date(value * 1000).toISOString();
  }
  if (claim === "address" && typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value["formatted"] ?? JSON.stringify(value);
  }
  return value;
}

function flatten(name: string, value: JSONValue, into: { [claim: string]: JSONValue }): void {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    into[name] = value;
    return;
  }
  for (const [key, inner] of Object.entries(value)) flatten(`${name}.${key}`, inner ?? null, into);
}
