export { AdminKeyError } from "./auth/admin-key.ts";
export type { CallCounts } from "./engine/calls.ts";
export { systemClock, systemRandom } from "./engine/clock.ts";
export type { Clock, RandomSource } from "./engine/clock.ts";
export { EngineError } from "./engine/errors.ts";
export type { EngineErrorKind } from "./engine/errors.ts";
export { PortInUse } from "./http/listener.ts";
export { start } from "./start.ts";
export type { RunningDeployment, StartOptions } from "./start.ts";
