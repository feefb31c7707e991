import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ConvexHttpClient } from "convex/browser";
import { anyApi } from "convex/server";
import { expect, test } from "vitest";
import { amountOf, seedOf } from "../../../scripts/amount.mjs";
import { checkDirectory } from "../src/upkeep/check.ts";
import { spawnDeployment } from "./deployment-process.ts";
import { Appenders } from "./history-appenders.ts";
import { faultsOf } from "./history-cycles.ts";
import { Round } from "./history-round.ts";
import { seeded } from "./seeded.ts";
import { scratch } from "./serve.ts";

const KILLS = amountOf("MUSTER_KILLS", process.env["MUSTER_KILLS"], 30);
const READERS = 8;
const APPENDERS = 24;
/** Appends that are acknowledged in each round, partly before its kill and partly after. */
const APPENDS = 1_000;
/** After so many rounds a new data directory is begun, so that checking it stays a matter of milliseconds. */
const ROUNDS_PER_DIRECTORY = 20;
const SEED = seedOf(process.env);
const FUNCTIONS = join(import.meta.dirname, "fixtures", "history");

/** Every sync to disk takes long, before it happens or after, so that most kills fall into one. */
const STRACE = "strace -f -qq -o /dev/null -e trace=fsync,fdatasync -e signal=none";
const SLOW_SYNC = ["delay_enter", "delay_exit"].map((delay) =>
  `${STRACE} -e inject=fsync,fdatasync:${delay}=20000`.split(" "),
);
const hasStrace = spawnSync("strace", ["-e", "trace=none", "true"]).status === 0;

type Lists = Record<string, string[]>;

async function listsOf(url: string, lists: readonly string[]): Promise<Lists> {
  return (await new ConvexHttpClient(url).query(anyApi["lists"]!["snapshot"]!, {
    lists: [...lists],
  })) as Lists;
}

/** How the process of a round runs: half of the time as ever, else with slow syncs, by turns before and after. */
function under(round: number): readonly string[] {
  return hasStrace && round % 2 === 1 ? (SLOW_SYNC[(round >> 1) % 2] ?? []) : [];
}

test(
  `${KILLS} kills in the middle of ${READERS + APPENDERS} connections leave a serializable history of everything acknowledged`,
  { timeout: 60_000 + KILLS * 30_000 },
  async () => {
    console.log(`MUSTER_SEED=${SEED}`);
    if (!hasStrace) {
      console.warn("Not proven here: kills within a slow sync, because strace cannot trace here.");
    }
    const random = seeded(SEED);
    let data = "";
    let [acknowledged, port] = [0, 0];
    for (let number = 0; number < KILLS; number += 1) {
      if (number % ROUNDS_PER_DIRECTORY === 0) data = scratch();
      const options = { port, functions: FUNCTIONS };
      const killed = await spawnDeployment(data, { ...options, under: under(number) });
      port = Number(new URL(killed.url).port);
      const round = new Round(killed.url, number, READERS, seeded(SEED + number));
      const appenders = new Appenders(killed.url, number, APPENDERS);
      await Promise.all([round.firstAcknowledgement(), appenders.reached(1)]);
      await sleep(5 + Math.floor(random() * 496));
      await killed.kill();
      const before = {
        steps: new Set(round.acknowledged),
        appends: new Set(appenders.acknowledged),
      };
      expect(checkDirectory(data).problems).toEqual([]);

      const { url, kill } = await spawnDeployment(data, { ...options, port });
      const present = await listsOf(url, [...round.lists, ...appenders.lists]);
      const names = new Set(round.lists.flatMap((list) => present[list] ?? []));
      const lost = round.steps.filter(
        ({ name, appends }) => before.steps.has(name) && appends.length > 0 && !names.has(name),
      );
      expect([...lost, ...appenders.faultsOf(present, before.appends)]).toEqual([]);
      const ended = round.end();
      await appenders.reached(APPENDS);
      await Promise.all([ended, appenders.end()]);
      const final = await listsOf(url, [...round.lists, ...appenders.lists]);
      expect(appenders.faultsOf(final, appenders.acknowledged)).toEqual([]);
      const shared = Object.fromEntries(round.lists.map((list) => [list, final[list] ?? []]));
      await round.shown(shared);
      expect(faultsOf(round.steps, shared)).toEqual([]);
      acknowledged += round.acknowledged.length + appenders.acknowledged.size;
      await kill();
      if ((number + 1) % 50 === 0) console.log(`${number + 1} kills, ${acknowledged} acknowledged`);
    }
    console.log(`${acknowledged} mutations acknowledged over ${KILLS} kills, 0 lost`);
  },
);
