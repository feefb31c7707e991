import { cronJobs } from "convex/server";
import { internal } from "./_generated/api.js";

const crons = cronJobs();
crons.interval("cleanupStaleAgents", { minutes: 2 }, internal.deadlines.cleanupStaleAgents, {});

export default crons;
