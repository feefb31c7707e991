const PATIENCE_MS = 5_000;
const LONGEST_CONFIGURATION = 64 * 1024;

/** An OpenID provider's name as its tokens carry it; `auth.config.ts` may leave out the scheme. */
export function issuerOfDomain(domain: string): string {
  return /^https?:\/\//.test(domain) ? domain : `https://${domain}`;
}

/** Issuers are the same with or without a slash at the end. */
export function isSameIssuer(left: unknown, right: string): boolean {
  return typeof left === "string" && left.replace(/\/$/, "") === right.replace(/\/$/, "");
}

/**
 * Asks an OpenID provider where its public keys are. Rejects when it does not answer in time, answers nonsense, speaks for another
 * issuer, or would have the keys fetched over a line that anybody can read.
 */
export async function discoverKeySet(issuer: string): Promise<string> {
  const url = new URL(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`);
  refuseOpenLine(url);
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const response = await fetch(url, { signal, headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`${url.href} answered with ${response.status}.`);
  const text = await response.text();
  if (text.length > LONGEST_CONFIGURATION)
    throw new Error(`${url.href} answered at too great length.`);
  const configuration = JSON.parse(text) as { issuer?: unknown; jwks_uri?: unknown };
  if (!isSameIssuer(configuration.issuer, issuer) || typeof configuration.jwks_uri !== "string") {
    throw new Error(`${url.href} is not the configuration of ${issuer}.`);
  }
  refuseOpenLine(new URL(configuration.jwks_uri));
  return configuration.jwks_uri;
}

function refuseOpenLine({ protocol, hostname, href }: URL): void {
  const isOwnComputer =
    hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]";
  if (protocol === "https:" || (protocol === "http:" && isOwnComputer)) return;
  throw new Error(`${href} is not https.`);
}
