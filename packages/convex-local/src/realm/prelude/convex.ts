import { define, host } from "./host.ts";
import { answerHere, kept, withQuery } from "./streams.ts";

function answer(operation: string, args: string): string {
  const own = answerHere(operation, args);
  if (own !== undefined) return own;
  const text = host.syscall(operation, withQuery(operation, args));
  if (text.startsWith("+")) return kept(operation, args, text.slice(1));
  const { message, data } = JSON.parse(text.slice(1)) as { message: string; data?: unknown };
  const error: Error & { data?: unknown } = new Error(message);
  if (data !== undefined) error.data = data;
  throw error;
}

// The promise belongs to this realm, so a whole function completes within one run of its microtasks.
define("Convex", {
  syscall: answer,
  asyncSyscall: async (operation: string, args: string) => answer(operation, args),
  jsSyscall: (operation: string) => {
    throw new Error(`Can't use ${operation} in queries and mutations.`);
  },
});
define("process", { env: JSON.parse(host.environment) as Record<string, string> });
