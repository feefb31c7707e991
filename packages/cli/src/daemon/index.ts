export { runDaemon } from "./daemon.ts";
export { startDaemon } from "./start.ts";
export { daemonStatus } from "./status.ts";
export { stopDaemon } from "./stop.ts";
