import type { Command } from "commander";
import { createInterface } from "node:readline/promises";
import { api } from "../backend/api.ts";
import type { Current } from "../backend/address.ts";
import type { Backend } from "../backend/connect.ts";
import { asCliError, CliError, EXIT } from "../errors.ts";
import type { Handler, Invocation, Runs } from "../invocation.ts";
import { drillLines } from "../output/drill.ts";
import { isKept } from "../drill/promises.ts";
import { asCaller, refuseAgent } from "../session.ts";
import { abortWhenAsked } from "../signals.ts";
import { runningUp } from "../up/current.ts";
import { machineNamed, requireUsable } from "./usable-machine.ts";

const run: Handler<{ yes?: boolean }> = async (invocation, { yes = false }) => {
  refuseAgent(invocation, "kill what it runs on");
  const { home, progress } = invocation;
  const [{ daemonStatus, daemonTiming }, { drill }, { Scene }] = await Promise.all([
    import("../daemon/index.ts"),
    import("../drill/drill.ts"),
    import("../drill/scene.ts"),
  ]);
  const backend = await asCaller(invocation);
  const { url } = backend;
  const daemon = await daemonStatus(home);
  const timing = await daemonTiming(home);
  if (daemon?.url !== url || daemon.machineId === null || timing === null) {
    throw new CliError(
      "conflict",
      "This machine's daemon does not run, so there is nothing to kill.",
      {
        hint: "Start it first: muster machine daemon start",
      },
    );
  }
  const machine = await machineNamed(backend, daemon.machineId);
  requireUsable(machine, "demo");
  const running = await runningUp(home);
  const up = running?.url === url ? running : null;
  await sayWhatHappens(invocation, backend, machine._id);
  const mayKill = up !== null && (yes || (await consents(invocation, up)));
  if (!mayKill) progress("The backend is left alone.");

  const signal = abortWhenAsked();
  progress("Opening the room drill and starting its agent …");
  const scene = await Scene.set(backend, { home, machineId: machine._id, signal });
  try {
    const options = { home, url, timing, scene, up: mayKill ? up : null, signal, progress };
    const items = await drill(options);
    const kept = items.every(isKept);
    const summary = kept
      ? "Every promise was kept, and nothing was lost."
      : "Not every promise was kept: see the lines in red.";
    return {
      data: { items: items.map((item) => ({ ...item, kept: isKept(item) })), kept },
      summary,
      lines: [...drillLines(items), summary, ...(mayKill ? [IN_BACKGROUND] : [])],
      exit: kept ? EXIT.done : EXIT.unexpected,
    };
  } finally {
    progress("Clearing the room up …");
    await scene.strike().catch((error: unknown) => {
      progress(`That did not work: ${asCliError(error).message}`);
      progress("Later: muster agent remove --room drill --role builder");
    });
  }
};

const IN_BACKGROUND = "Muster now runs in the background: `muster down` ends it.";

/** Before anything is killed: whom it touches, and whom not. */
async function sayWhatHappens(
  { progress }: Invocation,
  backend: Backend,
  machineId: string,
): Promise<void> {
  const { items: rooms } = await backend.query(api.rooms.list, {});
  const seats = await Promise.all(
    rooms.map(async ({ _id: room }) => await backend.query(api.rooms.getTeamReadiness, { room })),
  );
  const others = seats
    .flatMap(({ items }) => items)
    .filter((seat) => seat.machineId === machineId && seat.pid !== null).length;
  progress(
    "A drill kills with SIGKILL, each in the middle of a scripted task in a room of its own:",
  );
  progress("  its own agent; nobody else's");
  progress(`  this machine's daemon; the ${others} other agents here go on without it meanwhile`);
}

async function consents(invocation: Invocation, { pid, url }: Current): Promise<boolean> {
  const { stdin, stdout, terminal, json } = invocation;
  if (stdin.isTTY !== true || !terminal || json) return false;
  const asking = createInterface({ input: stdin, output: stdout });
  const answer = await asking.question(
    `  and, if you like, the backend at ${url} (process ${pid}): every page and every agent connects\n` +
      "  anew, and it goes on in the background. Kill it, too? [y/N] ",
  );
  asking.close();
  return /^y(es)?$/i.test(answer.trim());
}

export function addDrill(program: Command, runs: Runs): void {
  program
    .command("drill")
    .description("kill an agent, the daemon and the backend, and measure how they come back")
    .option("--yes", "kill the backend of this home without asking")
    .action(runs(run));
}
