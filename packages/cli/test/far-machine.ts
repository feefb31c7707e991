import { machineCredential, writeCredential } from "../src/backend/credential.ts";
import { PACE } from "./campaign.ts";
import type { Link } from "./ways.ts";
import { Muster } from "./muster.ts";

/** mini as another computer: a home of its own and a daemon whose only way to the backend is `link`. Dispose it before the link. */
export async function farMachine(
  muster: Muster,
  { url, under }: Pick<Link, "url" | "under">,
  clock: Readonly<Record<string, string>> = {},
): Promise<Muster> {
  const far = new Muster();
  const credential = await machineCredential(muster.home, await muster.url());
  if (credential === null) throw new Error("there is no machine");
  await writeCredential(far.home.machineCredential, { ...credential, backend: url });
  const env = { ...PACE, ...clock, MUSTER_URL: url };
  const started = await far.run(["machine", "daemon", "start"], { env, under });
  if (started.exit !== 0) throw new Error(`The daemon did not start: ${started.stderr}`);
  return far;
}
