import { hostname, userInfo } from "node:os";
import { api } from "../backend/api.ts";
import { anonymous } from "../backend/connect.ts";
import { writeCredential } from "../backend/credential.ts";
import { CliError, fromBackend } from "../errors.ts";
import { readPrivateJson, type Home } from "../home.ts";
import { internally } from "./internally.ts";

export interface SignIn {
  /** Opens the dashboard once, within ten minutes. */
  readonly link: string;
  readonly owner: string;
  readonly machine: string;
}

export interface SignInOptions {
  readonly home: Home;
  readonly url: string;
  readonly adminKey: string;
}

/**
 * Makes this person the owner and this computer a machine of the backend, with a credential for each on disk, and a
 * sign-in link. Credentials that the backend still honours are kept.
 */
export async function signIn(options: SignInOptions): Promise<SignIn> {
  const { home, url, adminKey } = options;
  const owner = userInfo().username;
  const machine = hostname();
  const [person, daemon] = await Promise.all([
    honoured(home.personCredential, url),
    honoured(home.machineCredential, url),
  ]);
  const wanted = { owner, machine, mintPerson: person === null, mintMachine: daemon === null };
  const made = (await internally({ url, adminKey }, "users:bootstrap", wanted)) as Bootstrapped;
  await keep(home.personCredential, url, person ?? made.personSecret);
  await keep(home.machineCredential, url, daemon ?? made.machineSecret);
  return { link: `${url}/#code=${made.code}`, owner, machine };
}

/**
 * The secret in `file` if it is good for the backend at `url`, which is this process. The port may have changed since it
 * was written; a secret of a backend elsewhere is not shown to this one.
 */
async function honoured(file: string, url: string): Promise<string | null> {
  const value = await readPrivateJson(file);
  const { backend, secret } = value ?? {};
  if (typeof backend !== "string" || typeof secret !== "string") return null;
  if (new URL(backend).hostname !== "127.0.0.1") return null;
  try {
    await anonymous(url).action(api.auth.exchange, { secret });
    return secret;
  } catch (error) {
    const refusal = fromBackend(error, url);
    if (refusal.kind === "not_signed_in") return null;
    throw refusal;
  }
}

async function keep(file: string, url: string, secret: string | undefined): Promise<void> {
  if (secret === undefined) throw new CliError("unexpected", "The backend gave no credential.");
  await writeCredential(file, { backend: url, secret });
}

interface Bootstrapped {
  readonly personSecret?: string;
  readonly machineSecret?: string;
  readonly code: string;
}
