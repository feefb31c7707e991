import type { Command } from "commander";
import { api } from "../backend/api.ts";
import type { Handler, Runs } from "../invocation.ts";
import { asCaller } from "../session.ts";
import { openInBrowser } from "../up/browser.ts";

const open: Handler<object> = async (invocation) => {
  const backend = await asCaller(invocation);
  const { code, expiresAt } = await backend.mutate(api.auth.createCode, {});
  const link = `${backend.url}/#code=${code}`;
  if (invocation.terminal) await openInBrowser(invocation.home, link);
  return {
    data: { url: backend.url, link, expiresAt },
    summary: "A new sign-in link, good once, for ten minutes.",
    lines: ["A new sign-in link, good once, for ten minutes:", `  ${link}`],
  };
};

export function addOpen(program: Command, runs: Runs): void {
  program
    .command("open")
    .description("make a sign-in link and open the dashboard")
    .action(runs(open));
}
