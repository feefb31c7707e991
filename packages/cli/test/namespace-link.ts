import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import type { Link, Way } from "./ways.ts";

/** Whoever has this address never takes a packet: nobody has it. */
const NOBODY = "02:00:00:00:00:01";
const LOOPBACK = "127.0.0.1";

/** One end of the pair of network devices between two computers. */
interface End {
  readonly device: string;
  readonly address: string;
  /** `ip` as seen from there. */
  readonly ip: readonly string[];
}

let links = 0;

/**
 * Another computer as a network namespace, with a pair of devices as its only line. From there this computer's loopback
 * is reached over the line, so the backend listens where it always does. A way is cut by sending its packets to
 * a hardware address that nobody has: they leave, and nobody hears of them again. Needs root, `ip` and Linux.
 */
export class NamespaceLink implements Link {
  readonly url: string;
  readonly #name: string;
  readonly #here: End;
  readonly #there: End;

  private constructor(url: string) {
    links += 1;
    this.#name = `muster-${process.pid}-${links}`;
    const device = `mu${process.pid}-${links}`;
    // Of the addresses that only a link's own two ends know.
    const net = `169.254.${process.pid % 254}.${4 * links}`;
    const [first, second] = [1, 2].map((host) => net.replace(/\d+$/, (base) => `${+base + host}`));
    this.#here = { device: `${device}a`, address: first ?? "", ip: ["ip"] };
    this.#there = { device: `${device}b`, address: second ?? "", ip: ["ip", "-n", this.#name] };
    this.url = url;
  }

  /** @throws Error that says why this computer has no such thing */
  static open(url: string): NamespaceLink {
    const link = new NamespaceLink(url);
    try {
      link.#lay();
      link.mend();
      return link;
    } catch (error) {
      link.#remove();
      throw error;
    }
  }

  get under(): readonly string[] {
    return ["ip", "netns", "exec", this.#name];
  }

  #lay(): void {
    const [here, there] = [this.#here, this.#there];
    run("ip", "netns", "add", this.#name);
    const pair = ["type", "veth", "peer", "name", there.device, "netns", this.#name];
    run("ip", "link", "add", here.device, ...pair);
    for (const { device, address, ip } of [here, there]) {
      run(...ip, "addr", "add", `${address}/30`, "dev", device);
      run(...ip, "link", "set", device, "up");
    }
    // Only these two devices, which go with the link, may carry what is meant for a loopback.
    writeFileSync(`/proc/sys/net/ipv4/conf/${here.device}/route_localnet`, "1");
    const allow = `echo 1 > /proc/sys/net/ipv4/conf/${there.device}/route_localnet`;
    run(...this.under, "sh", "-c", allow);
    const route = [LOOPBACK, "via", here.address, "dev", there.device, "src", there.address];
    run(...there.ip, "route", "add", ...route);
  }

  cut(...ways: readonly Way[]): void {
    for (const way of ways) this.#send(way, NOBODY);
  }

  mend(): void {
    this.#send("there", this.#hardware(this.#here));
    this.#send("back", this.#hardware(this.#there));
  }

  #send(way: Way, hardware: string): void {
    const [from, to] = way === "there" ? [this.#there, this.#here] : [this.#here, this.#there];
    const neighbour = [to.address, "lladdr", hardware, "dev", from.device, "nud", "permanent"];
    run(...from.ip, "neigh", "replace", ...neighbour);
  }

  #hardware({ device, ip }: End): string {
    const [, found = ""] = /link\/ether (\S+)/.exec(run(...ip, "link", "show", device)) ?? [];
    return found;
  }

  #remove(): void {
    spawnSync("ip", ["link", "del", this.#here.device]);
    spawnSync("ip", ["netns", "del", this.#name]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.resolve(this.#remove());
  }
}

function run(...[program = "", ...args]: readonly string[]): string {
  const { status, error, stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if (error !== undefined) throw new Error(`${program} is not installed (${error.message}).`);
  if (status !== 0) throw new Error(`${[program, ...args].join(" ")}: ${stderr.trim()}`);
  return stdout;
}
