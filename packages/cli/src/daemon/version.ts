import { readFileSync } from "node:fs";

const manifest: unknown = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
);

/** The version of the program that this daemon was started from. */
export const version: string = (manifest as { version: string }).version;
