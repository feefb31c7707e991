import { v } from "convex/values";
import { mutation } from "./_generated/server.js";
import { requireMachine } from "./model/access/access.ts";
import * as heartbeatFiles from "./model/schedules/heartbeatFiles.ts";
import { reportedFile } from "./model/schedules/validators.ts";

/**
 * How the calling machine found HEARTBEAT.md in the working directory of one of its agents, told when it has
 * changed. `accepted: false`: an older daemon, or not an agent of this machine.
 */
export const report = mutation({
  args: { epoch: v.number(), room: v.string(), role: v.string(), file: reportedFile },
  returns: v.object({ accepted: v.boolean() }),
  handler: async (ctx, args) => {
    const { machine } = await requireMachine(ctx);
    return { accepted: await heartbeatFiles.report(ctx, machine, args) };
  },
});
