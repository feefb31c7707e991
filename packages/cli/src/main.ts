#!/usr/bin/env node
import { readFileSync } from "node:fs";

const argv = process.argv.slice(2);
if (argv[0] === "--version" || argv[0] === "-V") {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL("../package.json", import.meta.url), "utf8"),
  );
  process.stdout.write(`${(manifest as { version: string }).version}\n`);
} else {
  const { pastProxy } = await import("./proxy.ts");
  Object.assign(process.env, pastProxy(process.env));
  // Loaded only now: a shell that asks for the version or a prompt that shows it must not wait for the rest.
  const { run } = await import("./run.ts");
  process.exit(await run(argv, process));
}
