import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { ConvexHttpClient } from "convex/browser";
import { onTestFinished } from "vitest";
import {
  bundleFunctions,
  type InProcessDeployment,
  type InProcessOptions,
  MemoryDisk,
  openDeployment,
  seededRandom,
} from "../src/in-process.ts";
import { uuid } from "../src/values/uuid.ts";
import { SimulatedLine } from "./simulated-line.ts";
import { SimulatedTime } from "./simulated-time.ts";

const FOLDER = fileURLToPath(new URL("fixtures/simulation", import.meta.url));
const functions = await bundleFunctions(FOLDER);

/** A deployment, the disk that outlives it, and time, all from one seed. */
export class SimulatedHome {
  readonly time = new SimulatedTime();
  readonly disk = new MemoryDisk();
  /** Every change that was committed, as `ts table id digest`. */
  readonly commits: string[] = [];
  readonly log: string[] = [];
  readonly #random;
  readonly #options: Partial<InProcessOptions>;
  deployment!: InProcessDeployment;
  /** False once a fault of the disk has ended the deployment. */
  isUp = false;

  private constructor(seed: number, options: Partial<InProcessOptions>) {
    this.#random = seededRandom(seed);
    this.#options = options;
  }

  static async open(seed: number, options: Partial<InProcessOptions> = {}): Promise<SimulatedHome> {
    const home = new SimulatedHome(seed, options);
    await home.restart();
    onTestFinished(() => home.deployment.crash());
    return home;
  }

  async restart(): Promise<void> {
    // It may die before anybody gets hold of it.
    this.isUp = true;
    this.deployment = await this.time.until(this.#open()).catch((cause: unknown) => {
      this.isUp = false;
      throw cause;
    });
    this.deployment.onCommit((ts, changes) => {
      for (const { table, id, document } of changes) {
        const digest = createHash("sha256").update(String(document)).digest("hex");
        this.commits.push(`${ts} ${table} ${id} ${digest}`);
      }
    });
  }

  #open(): Promise<InProcessDeployment> {
    return openDeployment({
      functions,
      disk: this.disk,
      clock: this.time,
      random: this.#random,
      onLog: (line) => this.log.push(line),
      onCrash: () => {
        this.isUp = false;
      },
      ...this.#options,
    });
  }

  /** The official client, on the deployment that runs when it asks. */
  client(token?: string): ConvexHttpClient {
    return new ConvexHttpClient(this.deployment.url, {
      logger: false,
      fetch: (input, init) => this.deployment.fetch(new Request(input, init)),
      ...(token === undefined ? {} : { auth: token }),
    });
  }

  /** A socket to the deployment that runs now, over a network with a latency; of a new session unless one is given. */
  connect(sessionId: string = uuid(this.#random.bytes(16))): SimulatedLine {
    return new SimulatedLine(this.deployment, this.time, sessionId);
  }

  get texts(): string[] {
    return this.deployment
      .documents("entries")
      .map((document) => (JSON.parse(document) as { text: string }).text);
  }
}
