import type { Figure } from "./figure.ts";
import { crashCrowd, crashLoop, manyTriggers } from "./restarts.ts";
import { idleWeek } from "./idle-week.ts";
import { tour } from "./tour.ts";
import { silentDeaths, suspension } from "./silence.ts";

/** Every scene, each measured for itself. Virtual time: the same figures on every computer. */
export const SCENES: Readonly<Record<string, () => Promise<Figure[]>>> = {
  "silence, fast": async () => await silentDeaths("fast"),
  "silence, standard": async () => await silentDeaths("standard"),
  "suspension, fast": async () => await suspension("fast"),
  "suspension, standard": async () => await suspension("standard"),
  "crash loop": crashLoop,
  "crash crowd": crashCrowd,
  "many triggers": manyTriggers,
  "idle week": idleWeek,
  lifecycles: tour,
};
