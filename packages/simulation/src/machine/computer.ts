import type { World } from "../kernel/world.ts";
import type { Server } from "../network/server.ts";
import { Host } from "./host.ts";
import { launch } from "./process.ts";
import type { Machine, Process, Program } from "./process.ts";

const HOME = "/home/ada/.muster";
export const URL_OF_BACKEND = "http://127.0.0.1:3210";

/** A machine of somebody: a computer with a Muster home, whose daemon is started again whenever it ends. */
export class Computer {
  readonly host: Machine;
  readonly #world: World;
  daemon: Process | null = null;
  #isOn = true;
  /** Longest pause before a daemon that ended is started again, in ms. */
  readonly patience = 20_000;

  constructor(name: string, world: World, programs: ReadonlyMap<string, Program>, server: Server) {
    this.#world = world;
    this.host = new Host(name, world, programs);
    this.host.link.server = server;
    for (const directory of ["credentials/tokens", "seats", "logs", "daemon"]) {
      this.host.disk.makeDirectories(`${HOME}/${directory}`, 0o700);
    }
  }

  /** A file that is there before anything runs. */
  keep(name: string, value: object): void {
    const path = `${HOME}/${name}`;
    this.host.disk.write(path, JSON.stringify(value), { exclusive: false, mode: 0o600 });
    this.host.disk.sync(path);
    this.host.disk.sync(path.slice(0, path.lastIndexOf("/")));
  }

  run(program: string, title: string, argv: readonly string[] = [program]): Process {
    return launch(this.host, {
      program,
      title,
      argv,
      env: { MUSTER_HOME: HOME, MUSTER_URL: URL_OF_BACKEND, PATH: "/usr/bin", HOME: "/home/ada" },
      cwd: HOME,
      parent: null,
      detached: true,
      load: [50, 300],
      hasChannel: false,
    });
  }

  keepDaemon(): void {
    if (!this.#isOn) return;
    const daemon = this.run("daemon/main.ts", "daemon");
    this.daemon = daemon;
    daemon.onEnd(() => {
      this.daemon = null;
      const pause = this.host.random.between(200, this.patience);
      this.#world.agenda.after(pause, () => {
        if (this.daemon === null) this.keepDaemon();
      });
    });
  }

  /** Off at once, and on again after `ms`. */
  losePower(ms: number): void {
    if (!this.#isOn) return;
    this.#isOn = false;
    this.host.losePower();
    this.#world.agenda.after(ms, () => {
      this.#isOn = true;
      this.keepDaemon();
    });
  }
}
