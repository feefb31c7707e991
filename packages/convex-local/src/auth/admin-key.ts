import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeDirectory } from "../storage/names.ts";

const FILE = "admin-key";
const SHORTEST_SECRET = 32;
const LONGEST_KEY = 1024;

/** The admin key is unusable; `message` says why and never contains the key. */
export class AdminKeyError extends Error {
  override readonly name = "AdminKeyError";
}

/** A key that nobody has: `<instanceName>|` and 256 random bits. */
export function makeAdminKey(instanceName: string): string {
  return checkAdminKey(`${instanceName}|${randomBytes(32).toString("hex")}`);
}

/**
 * The key of this data directory, `<instanceName>|<secret>`, made from 256 random bits the first time
 * and kept in a file that only its owner may read. Throws AdminKeyError when the file is open to others.
 */
export function keepAdminKey(data: string, instanceName: string): string {
  makeDirectory(data);
  const file = join(data, FILE);
  const kept = readKey(file);
  if (kept !== null) return checkAdminKey(kept);
  const fresh = join(data, `${FILE}.${randomBytes(6).toString("hex")}`);
  writeFileSync(fresh, `${makeAdminKey(instanceName)}\n`, {
    mode: 0o600,
    flag: "wx",
  });
  try {
    // A link never replaces: of two processes that start at once, both end with the first one's key.
    linkSync(fresh, file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
  } finally {
    rmSync(fresh);
  }
  return checkAdminKey(readKey(file) ?? "");
}

function readKey(file: string): string | null {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return null;
  if ((stat.mode & 0o077) !== 0) {
    throw new AdminKeyError(`Other users can read ${file}; make it private: chmod 600 ${file}`);
  }
  return readFileSync(file, "utf8").trim();
}

/** Returns the key, or throws AdminKeyError when it is not `<name>|<secret>` or the secret is short. */
export function checkAdminKey(key: string): string {
  const [name, secret, ...more] = key.split("|");
  if (name === undefined || !/^[\w-]+$/.test(name) || secret === undefined || more.length > 0) {
    throw new AdminKeyError("The admin key must have the form <instanceName>|<secret>.");
  }
  if (!/^[\w+/=-]+$/.test(secret) || secret.length < SHORTEST_SECRET) {
    throw new AdminKeyError(
      `The admin key's secret needs at least ${SHORTEST_SECRET} letters and digits.`,
    );
  }
  return key;
}

/** Whether both keys are the same, in a time that tells nothing about where they differ. */
export function isAdminKey(presented: string, key: string): boolean {
  return presented.length <= LONGEST_KEY && timingSafeEqual(digest(presented), digest(key));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
