import type { Command } from "commander";
import { api } from "../backend/api.ts";
import type { Handler, Runs } from "../invocation.ts";
import { asCaller } from "../session.ts";

const whoami: Handler<object> = async (invocation) => {
  const backend = await asCaller(invocation);
  const principal = await backend.query(api.auth.whoami, {});
  return {
    data: { ...principal, backend: backend.url },
    summary: `${principal.name} (${principal.kind}) at ${backend.url}`,
  };
};

export function addAuth(program: Command, runs: Runs): void {
  const auth = program.command("auth").description("who you are to the backend");
  auth.command("whoami").description("whom this shell speaks for").action(runs(whoami));
}
