import { appendFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { ensurePrivateDir, type Home } from "./home.ts";

/** A log is begun anew when it is this long; the one before is kept. */
const LONGEST_BYTES = 5 * 1024 * 1024;

/** Appends one JSON line. Never throws: a full disk must not end what is being logged. */
export type Log = (event: string, fields?: Readonly<Record<string, unknown>>) => void;

/** The log `name` of this home, 0600. Callers write no secret into it. */
export async function openLog(home: Home, name: string): Promise<Log> {
  await ensurePrivateDir(home.logs);
  const file = join(home.logs, `${name}.log`);
  let size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return (event, fields = {}) => {
    const line = `${JSON.stringify({ at: new Date().toISOString(), event, ...fields })}\n`;
    try {
      if (size > LONGEST_BYTES) {
        renameSync(file, `${file}.1`);
        size = 0;
      }
      appendFileSync(file, line, { mode: 0o600 });
      size += Buffer.byteLength(line);
    } catch {
      // There is nowhere left to say it.
    }
  };
}
