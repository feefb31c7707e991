export { runDaemon } from "./daemon.ts";
export { startDaemon } from "./start.ts";
export { daemonStatus, daemonTiming, endedOnPurpose } from "./status.ts";
export { stopDaemon } from "./stop.ts";
