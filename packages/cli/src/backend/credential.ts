import { CliError } from "../errors.ts";
import { readPrivateJson, writePrivateJson, type Home } from "../home.ts";
import type { Seat } from "../seat.ts";

/**
 * A long-lived secret and the only backend that may ever see it.
 * With `seat`, a person's secret is exchanged for the token of that role and nothing more.
 */
export interface Credential {
  readonly backend: string;
  readonly secret: string;
  readonly seat?: { readonly room: string; readonly role: string };
}

/** This person's credential for the backend at `url`, or null if there is none for exactly this backend. */
export async function personCredential(home: Home, url: string): Promise<Credential | null> {
  return await readCredential(home.personCredential, url);
}

/** This machine's credential for the backend at `url`: the daemon's. */
export async function machineCredential(home: Home, url: string): Promise<Credential | null> {
  return await readCredential(home.machineCredential, url);
}

/** A remote agent's own credential, which its daemon put into the seat; null for a custom agent's seat. */
export function seatCredential(seat: Seat, url: string): Credential | null {
  return seat.secret === undefined ? null : { backend: url, secret: seat.secret };
}

export async function writeCredential(file: string, credential: Credential): Promise<void> {
  await writePrivateJson(file, { backend: credential.backend, secret: credential.secret });
}

async function readCredential(file: string, url: string): Promise<Credential | null> {
  const value = await readPrivateJson(file);
  if (value === null) return null;
  const { backend, secret } = value;
  if (typeof backend !== "string" || typeof secret !== "string" || secret === "") {
    throw new CliError("unreadable_file", `${file} is not a credential.`, {
      hint: `Move it away and run \`muster up\` again: mv ${file} ${file}.broken`,
    });
  }
  return backend === url ? { backend, secret } : null;
}

/** What every command says that needs a person and finds none for this backend. */
export function notSignedIn(url: string): CliError {
  return new CliError("not_signed_in", `You are not signed in to ${url}.`, {
    hint: "Run `muster up` on this machine: it signs its owner in.",
  });
}
