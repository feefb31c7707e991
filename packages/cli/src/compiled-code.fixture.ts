import { symlinkSync } from "node:fs";
import { join } from "node:path";
import type { Home } from "./home.ts";

const { NODE_COMPILE_CACHE: shared } = process.env;

/** For the environment of a program that is started again and again. */
export const compiledCode: Readonly<Record<string, string>> =
  shared === undefined ? {} : { NODE_COMPILE_CACHE: shared };

/** Lets the daemon and the agents of a home find the code that earlier tests have compiled: each home would do it anew. */
export function shareCompiledCode({ root }: Home): void {
  if (shared !== undefined) symlinkSync(shared, join(root, "cache"));
}
