export * from "./agent/lifecycle.ts";
export * from "./errors.ts";
export * from "./task/lifecycle.ts";
export * from "./task/status.ts";
export * from "./timing.ts";
export type { Outcome } from "./transition.ts";
