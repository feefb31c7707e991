import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { start } from "convex-local";
import { deploymentKeys } from "./keys.ts";

/** Writes convex/_generated anew: the genuine `convex codegen` against a deployment that lives as long as it. */
const backend = path.resolve(import.meta.dirname, "..");
const convex = path.dirname(createRequire(import.meta.url).resolve("convex/package.json"));
const data = mkdtempSync(path.join(tmpdir(), "muster-codegen-"));
const { MUSTER_JWKS, MUSTER_JWT_KEY } = await deploymentKeys();

const deployment = await start({
  functions: path.join(backend, "convex"),
  data,
  env: { MUSTER_JWKS, MUSTER_JWT_KEY },
  port: 0,
  sitePort: 0,
});
const child = spawn(
  process.execPath,
  [path.join(convex, "bin", "main.js"), "codegen", "--typecheck", "disable"],
  {
    cwd: backend,
    stdio: "inherit",
    env: {
      PATH: process.env["PATH"],
      HOME: data,
      CI: "1",
      CONVEX_SELF_HOSTED_URL: deployment.url,
      CONVEX_SELF_HOSTED_ADMIN_KEY: deployment.adminKey,
    },
  },
);
process.exitCode = await new Promise<number>((resolve) => {
  child.on("close", (code) => resolve(code ?? 1));
});
await deployment.close();
rmSync(data, { recursive: true, force: true });
