import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ConvexHttpClient } from "convex/browser";
import { anyApi } from "convex/server";
import { expect, test } from "vitest";
import { checkDirectory } from "../src/upkeep/check.ts";
import { spawnDeployment } from "./deployment-process.ts";
import { faultsOf } from "./history-cycles.ts";
import { Round } from "./history-round.ts";
import { seeded } from "./seeded.ts";
import { scratch } from "./serve.ts";

const KILLS = Number(process.env["MUSTER_KILLS"] ?? 30);
const CONNECTIONS = 32;
const SEED = Number(process.env["MUSTER_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const FUNCTIONS = join(import.meta.dirname, "fixtures", "history");

test(
  `${KILLS} kills in the middle of ${CONNECTIONS} connections leave a serializable history of everything acknowledged`,
  { timeout: 60_000 + KILLS * 20_000 },
  async () => {
    console.log(`MUSTER_SEED=${SEED}`);
    const random = seeded(SEED);
    const data = scratch();
    let deployment = await spawnDeployment(data, 0, FUNCTIONS);
    const port = Number(new URL(deployment.url).port);
    const listsOf = async (round: Round) =>
      (await new ConvexHttpClient(deployment.url).query(anyApi["lists"]!["snapshot"]!, {
        lists: [...round.lists],
      })) as Record<string, string[]>;
    let total = 0;
    for (let number = 0; number < KILLS; number += 1) {
      const round = new Round(deployment.url, number, CONNECTIONS, seeded(SEED + number));
      await round.firstAcknowledgement();
      await sleep(5 + Math.floor(random() * 496));
      await deployment.kill();
      const before = new Set(round.acknowledged);
      expect(checkDirectory(data).problems).toEqual([]);
      const ended = round.end();
      deployment = await spawnDeployment(data, port, FUNCTIONS);
      const present = new Set(Object.values(await listsOf(round)).flat());
      const lost = round.steps.filter(
        ({ name, appends }) => before.has(name) && appends.length > 0 && !present.has(name),
      );
      expect(lost).toEqual([]);
      await ended;
      const final = await listsOf(round);
      await round.shown(final);
      expect(faultsOf(round.steps, final)).toEqual([]);
      total += round.acknowledged.length;
    }
    console.log(`${total} steps acknowledged over ${KILLS} kills, 0 lost`);
  },
);
