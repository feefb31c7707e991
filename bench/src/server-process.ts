import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { environment, MUSTER, ROOT, Scratch } from "./places.ts";

/** A server in a process of its own, on data of its own. Dispose it: process and data are gone. */
export class ServerProcess implements AsyncDisposable {
  readonly url: string;
  readonly home: string;
  readonly #child: ChildProcess;
  readonly #scratch: Scratch;

  private constructor(url: string, child: ChildProcess, scratch: Scratch) {
    this.url = url;
    this.home = scratch.path;
    this.#child = child;
    this.#scratch = scratch;
  }

  /** The whole backend as `muster up` serves it, without daemon and demo. */
  static async muster(): Promise<ServerProcess> {
    const ports = ["--port", "0", "--site-port", "0"];
    const up = [MUSTER, "up", "--json", "--no-daemon", "--no-demo", ...ports];
    return await ServerProcess.#spawn(() => up);
  }

  /** All of `muster up`: the daemon, too, and the demo room with its two agents. */
  static async home(): Promise<ServerProcess> {
    const ports = ["--port", "0", "--site-port", "0"];
    return await ServerProcess.#spawn(() => [MUSTER, "up", "--json", ...ports]);
  }

  /** The runtime with a folder of small functions. */
  static async fixtures(): Promise<ServerProcess> {
    const fixtures = path.join(ROOT, "packages/convex-local/test/fixtures");
    const main = path.join(fixtures, "process.ts");
    return await ServerProcess.#spawn((home) => [main, path.join(fixtures, "harbor"), home]);
  }

  static async #spawn(argv: (home: string) => readonly string[]): Promise<ServerProcess> {
    const scratch = new Scratch();
    const child = spawn(process.execPath, ["--no-warnings", ...argv(scratch.path)], {
      env: environment({ MUSTER_HOME: scratch.path }),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    const url = await new Promise<string>((resolve, reject) => {
      const hear = (chunk: Buffer): void => {
        said += chunk.toString();
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
        if (found !== undefined) resolve(found);
      };
      child.stdout.on("data", hear);
      child.stderr.on("data", hear);
      child.once("exit", () => reject(new Error(`The server ended before it answered:\n${said}`)));
    });
    return new ServerProcess(url, child, scratch);
  }

  /** The secret of the owner or of this machine, as `up` wrote it. */
  secret(whose: "person" | "machine"): string {
    const file = path.join(this.home, "credentials", `${whose}.json`);
    return (JSON.parse(readFileSync(file, "utf8")) as { secret: string }).secret;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill("SIGTERM");
      await once(this.#child, "exit");
    }
    this.#scratch[Symbol.dispose]();
  }
}
