import { checklistText, planOf } from "./checklist.ts";
import { muster, progress, request } from "./muster.ts";

/** The demo's planner, one turn: a checklist out of what was asked, for the builder. */
const plan = planOf(await request());
await progress("Reading what you ask for …");
await progress(`A plan of ${plan.steps.length} steps: ${plan.title}`);
await muster(["handoff", "--to", "builder"], checklistText(plan));
