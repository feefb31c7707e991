import { ConvexClient } from "convex/browser";
import { chromium } from "playwright-core";
import type { Page } from "playwright-core";
import { findBrowser } from "../../scripts/browser.mjs";
import { api, signIn } from "./caller.ts";
import { measureCrowd } from "./crowd.ts";
import { figuresOf, spread } from "./figure.ts";
import type { Figure } from "./figure.ts";
import { ServerProcess } from "./server-process.ts";

const KILLS = 100;
const ROLES = ["planner", "builder"];
const room = "harbor";

/** When one kill was seen, in ms after it. */
interface Seen {
  readonly subscriber: number;
  readonly page: number;
}

/** An agent of two, then one of a hundred. */
export async function measureKills(): Promise<Figure[]> {
  return [...(await measurePair()), ...(await measureCrowd())];
}

/**
 * From the SIGKILL of an agent's process until a subscriber of the room has its `dead`, and until a page shows it. A person's
 * start after each kill gives the restart budget anew. Always one run of 100 kills: each waits for the agent to be back.
 */
async function measurePair(): Promise<Figure[]> {
  await using server = await ServerProcess.home();
  await using watch = await Watch.begin(server);
  const seen: Seen[] = [];
  const killAll = async (role: string): Promise<void> => {
    for (let kill = 0; kill < KILLS / ROLES.length; kill += 1) seen.push(await watch.kill(role));
  };
  await Promise.all(ROLES.map(killAll));
  const units = { p50: "ms", p99: "ms" } as const;
  return [
    ...figuresOf(about("a subscriber has it as dead"), units, [
      spread(seen.map((one) => one.subscriber)),
    ]),
    ...figuresOf(about("a page shows it as dead"), units, [spread(seen.map((one) => one.page))]),
  ];
}

const about = (what: string) => ({
  work: `an agent's process is killed → ${what} (${KILLS} kills)`,
  durable: true,
});

/** Milliseconds since the epoch, the one clock that a page and this process have in common. */
const epochNow = (): number => performance.timeOrigin + performance.now();

type Team = { readonly items: readonly Seat[] };
type Seat = { readonly role: string; readonly agentStatus: string; readonly pid: number | null };

/** The demo room as its owner sees it, by subscription and on a page. */
class Watch implements AsyncDisposable {
  readonly #client: ConvexClient;
  readonly #start: (role: string) => Promise<unknown>;
  readonly #page: Page | null;

  private constructor(
    client: ConvexClient,
    start: (role: string) => Promise<unknown>,
    page: Page | null,
  ) {
    this.#client = client;
    this.#start = start;
    this.#page = page;
  }

  static async begin(server: ServerProcess): Promise<Watch> {
    const { client, token } = await signIn(server.url, server.secret("person"));
    const socket = new ConvexClient(server.url, {
      skipConvexDeploymentUrlCheck: true,
      logger: false,
    });
    socket.setAuth(async () => token);
    const { code } = await client.mutation(api.auth.createCode, {});
    const start = async (role: string) => await client.mutation(api.agents.start, { room, role });
    return new Watch(socket, start, await openPage(`${server.url}/#code=${code}`));
  }

  async kill(role: string): Promise<Seen> {
    const { pid } = await this.#until(role, "ready");
    const onPage = this.#shows(role, "dead");
    const killed = epochNow();
    const heard = this.#until(role, "dead").then(() => epochNow() - killed);
    process.kill(pid ?? 0, "SIGKILL");
    const seen = { subscriber: await heard, page: (await onPage) - killed };
    await this.#start(role);
    return seen;
  }

  async #until(role: string, status: string): Promise<Seat> {
    return await new Promise((resolve, reject) => {
      const hear = ({ items }: Team): void => {
        const seat = items.find((one) => one.role === role && one.agentStatus === status);
        if (seat === undefined) return;
        queueMicrotask(() => stop());
        resolve(seat);
      };
      const stop = this.#client.onUpdate(api.rooms.getTeamReadiness, { room }, hear, reject);
    });
  }

  /** When the page's card has this status, on the clock that both share. NaN without a browser. */
  async #shows(role: string, status: string): Promise<number> {
    if (this.#page === null) return Number.NaN;
    return await this.#page.evaluate(async (selector) => {
      return await new Promise<number>((resolve) => {
        const look = (): boolean => {
          if (document.querySelector(selector) === null) return false;
          observer.disconnect();
          resolve(performance.timeOrigin + performance.now());
          return true;
        };
        const observer = new MutationObserver(look);
        const whole = { subtree: true, childList: true, attributes: true };
        if (!look()) observer.observe(document.body, whole);
      });
    }, `[data-role="${role}"][data-agent-status="${status}"]`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.close();
    await this.#page?.context().browser()?.close();
  }
}

async function openPage(link: string): Promise<Page | null> {
  const executablePath = findBrowser();
  if (executablePath === undefined) return null;
  const browser = await chromium.launch({
    executablePath,
    chromiumSandbox: process.getuid?.() !== 0,
  });
  const page = await browser.newPage();
  await page.goto(link);
  await page.locator(`[data-role="builder"]`).first().waitFor();
  return page;
}
