import { current } from "../machine/current.ts";

// What is read as a module is loaded lies beside its source.
export { constants, readFileSync } from "node:fs";

const disk = () => current().host.disk;

/** The products' logs are a part of the trace. */
export function appendFileSync(_file: string, line: string): void {
  const process = current();
  const { at: _at, event, ...fields } = JSON.parse(line) as Record<string, unknown>;
  if (event === "started" || event === "registered") delete fields["machineId"];
  process.world.note(process.title, `log ${String(event)} ${JSON.stringify(fields)}`);
}

export function statSync(path: string, how: { throwIfNoEntry?: boolean } = {}) {
  try {
    return { size: disk().look(path).size };
  } catch (error) {
    if (how.throwIfNoEntry === false) return undefined;
    throw error;
  }
}

export function renameSync(from: string, to: string): void {
  disk().rename(from, to);
}

function notSimulated(): never {
  throw new Error("No simulated program does this.");
}

export {
  notSimulated as closeSync,
  notSimulated as existsSync,
  notSimulated as openSync,
  notSimulated as writeFileSync,
};
