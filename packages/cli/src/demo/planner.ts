import { checklistText, planOf } from "./checklist.ts";
import { muster, pause, request } from "./muster.ts";

/** The demo's planner, one turn: a checklist out of what was asked, for the builder. */
const plan = planOf(await request());
await muster(["report-progress"], "Reading what you ask for …");
await pause();
await muster(["report-progress"], `A plan of ${plan.steps.length} steps: ${plan.title}`);
await pause();
await muster(["handoff", "--to", "builder"], checklistText(plan));
