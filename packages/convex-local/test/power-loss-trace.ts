import { basename } from "node:path";

/** What a process did to the files of one directory, and what it printed, in order. */
export type Step =
  | { readonly kind: "write"; readonly file: string; readonly at: number; readonly bytes: Buffer }
  | { readonly kind: "truncate"; readonly file: string; readonly length: number }
  | { readonly kind: "sync"; readonly file: string }
  /** The names of the directory itself. */
  | { readonly kind: "syncNames" }
  | { readonly kind: "rename"; readonly file: string; readonly to: string }
  | { readonly kind: "remove"; readonly file: string }
  /** A number on a line of its own, on standard output. */
  | { readonly kind: "print"; readonly number: number };

/** The options by which `strace` writes what this reads. */
export const STRACE =
  "-f -y -xx -s 100000 -e trace=pwrite64,write,fsync,fdatasync,ftruncate,rename,unlink".split(" ");

const LINE = /^\d+ +(\w+)\((.*)$/;
const RESUMED = /^(\d+) +<\.\.\. (?:fsync|fdatasync) resumed>\) += 0/;
const TEXT = /"((?:\\x[0-9a-f]{2})*)"/g;

/** Reads a trace line by line; a sync counts when it has returned, everything else when it was called. */
export function* stepsOf(trace: Iterable<string>, directory: string): Generator<Step> {
  const syncing = new Map<string, Step>();
  for (const line of trace) {
    const [pid = ""] = line.split(" ", 1);
    const resumed = RESUMED.test(line) ? syncing.get(pid) : undefined;
    if (resumed !== undefined) yield resumed;
    const [, call, rest] = LINE.exec(line) ?? [];
    if (call === undefined || rest === undefined) continue;
    const step = stepOf(call, rest, directory);
    if (step === undefined) continue;
    const isSync = step.kind === "sync" || step.kind === "syncNames";
    if (isSync && line.endsWith("<unfinished ...>")) syncing.set(pid, step);
    else if (!isSync || line.endsWith(" = 0")) yield step;
  }
}

function stepOf(call: string, rest: string, directory: string): Step | undefined {
  if (call === "rename" || call === "unlink") {
    const [from = "", to = ""] = Array.from(rest.matchAll(TEXT), ([, hex = ""]) =>
      decode(hex).toString(),
    );
    const file = nameIn(directory, from);
    if (file === undefined) return undefined;
    return call === "unlink"
      ? { kind: "remove", file }
      : { kind: "rename", file, to: basename(to) };
  }
  const [, descriptor, hexPath = ""] = /^(\d+)<((?:\\x[0-9a-f]{2})*)>/.exec(rest) ?? [];
  const path = decode(hexPath).toString();
  if (call === "write") {
    const [[, hex = ""] = []] = rest.matchAll(TEXT);
    const text = decode(hex).toString();
    return descriptor === "1" && /^\d+\n$/.test(text)
      ? { kind: "print", number: Number(text) }
      : undefined;
  }
  if (path === directory) return { kind: "syncNames" };
  const file = nameIn(directory, path);
  if (file === undefined) return undefined;
  switch (call) {
    case "pwrite64": {
      const [[, hex = ""] = []] = rest.matchAll(TEXT);
      const [, at = "0"] = /", \d+, (\d+)/.exec(rest) ?? [];
      return { kind: "write", file, at: Number(at), bytes: decode(hex) };
    }
    case "ftruncate":
      return { kind: "truncate", file, length: Number(/, (\d+)/.exec(rest)?.[1]) };
    default:
      return { kind: "sync", file };
  }
}

/** Of the database and what lies beside it; shared memory and the lock mean nothing after a power cut. */
function nameIn(directory: string, path: string): string | undefined {
  const name = basename(path);
  const isOurs = path === `${directory}/${name}` && name.startsWith("data.sqlite");
  return isOurs && !name.endsWith("-shm") ? name : undefined;
}

function decode(hex: string): Buffer {
  return Buffer.from(hex.replaceAll("\\x", ""), "hex");
}
