#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
import { refusalOfNode } from "./cli/node-version.ts";

const refusal = refusalOfNode(process.versions.node);
if (refusal !== undefined) {
  process.stderr.write(`${refusal}\n`);
  process.exitCode = 1;
} else {
  // An older Node lacks modules that these import, and would say so with a stack trace.
  const { run } = await import("./cli/commands.ts");
  process.exitCode = await run(process.argv.slice(2), {
    print: (line) => void process.stdout.write(`${line}\n`),
    complain: (line) => void process.stderr.write(`${line}\n`),
    untilStopped: () =>
      new Promise((resolve) => {
        process.once("SIGINT", () => resolve());
        process.once("SIGTERM", () => resolve());
      }),
  });
}
