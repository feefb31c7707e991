import { makeFunctionReference } from "convex/server";
import type { FunctionReference } from "convex/server";

type Sent = { readonly room: string; readonly text: string };
type Room = { readonly room: string };

/** The functions of `bench/convex`. */
export const send: FunctionReference<"mutation", "public", Sent> =
  makeFunctionReference("messages:send");
export const fill: FunctionReference<"mutation", "public", Room & { readonly count: number }> =
  makeFunctionReference("messages:fill");
export const newestTen: FunctionReference<"query", "public", Room> =
  makeFunctionReference("messages:newestTen");
export const newestFifty: FunctionReference<"query", "public", Room> =
  makeFunctionReference("messages:newestFifty");
