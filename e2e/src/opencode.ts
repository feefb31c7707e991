import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Product } from "./product.ts";
import type { ScriptedModel } from "./scripted-model.ts";

const program = path.resolve(import.meta.dirname, "../node_modules/opencode-ai/bin/opencode.exe");

/**
 * Puts the real OpenCode on the product's PATH, with a home of its own in which it knows only `model`. It takes seconds to
 * start, so that people's own timing applies and not the tests'.
 */
export function installOpenCode(product: Product, model: ScriptedModel): void {
  const programs = path.join(product.home, "programs");
  const home = path.join(product.home, "person");
  const config = path.join(home, ".config/opencode");
  mkdirSync(programs, { mode: 0o700 });
  mkdirSync(config, { recursive: true, mode: 0o700 });
  symlinkSync(program, path.join(programs, "opencode"));
  const asking = model.openCodeConfig({ bash: "ask" });
  writeFileSync(path.join(config, "opencode.json"), JSON.stringify(asking));
  product.programs.push(programs);
  Object.assign(product.variables, {
    HOME: home,
    XDG_CONFIG_HOME: path.dirname(config),
    MUSTER_TIMING: "fast",
  });
}

/** A person's own repository with one commit. */
export function scratchRepository(product: Product): string {
  const directory = mkdtempSync(path.join(product.home, "pier-"));
  const git = (...args: string[]) => execFileSync("git", args, { cwd: directory });
  git("init", "--quiet", "--initial-branch=main");
  git("config", "user.name", "Ada");
  git("config", "user.email", "ada@muster.invalid");
  writeFileSync(path.join(directory, "README.md"), "# Pier\n");
  git("add", "README.md");
  git("commit", "--quiet", "--message", "Begin the pier");
  return directory;
}
