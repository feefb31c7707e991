import { roomNameProblem } from "@muster/core";
import type { Harness, Machine } from "#lib/backend.ts";

/** What a person has chosen for a room that is to be opened. */
export interface Request {
  readonly name: string;
  readonly repo: string;
  readonly team: readonly string[];
  readonly machineId: Machine["_id"];
  readonly harness: string;
}

export const TEAMS = {
  pair: {
    roles: ["planner", "builder"],
    label: "planner and builder",
    note: "one plans, one builds",
  },
  solo: { roles: ["builder"], label: "builder only", note: "you say what to build" },
} as const;
export type Team = keyof typeof TEAMS;

/** Usable programs first, our scripted one after them, and what needs mending last. */
export function inOrder(harnesses: readonly Harness[]): Harness[] {
  return [...harnesses].sort((a, b) => rank(a) - rank(b));
}

function rank({ name, problem }: Harness): number {
  if (problem !== undefined) return 2;
  return name === "demo" ? 1 : 0;
}

/** The program that a person most likely wants: the first that can be used. */
export function likely(machine: Machine): string | null {
  return inOrder(machine.harnesses).find(({ problem }) => problem === undefined)?.name ?? null;
}

/** A room's name out of the last part of a path; empty when nothing of it can be one. */
export function nameFrom(path: string): string {
  const last =
    path
      .replace(/[\\/]+$/u, "")
      .split(/[\\/]/u)
      .at(-1) ?? "";
  const slug = last
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, "-")
    .replaceAll(/^-+|-+$/gu, "");
  return slug.slice(0, 40).replace(/-+$/u, "");
}

/** What is wrong with a path on another computer, as far as it can be known here; null when nothing is. */
export function pathProblem(path: string): string | null {
  if (path.trim() === "") return "Say where your repository is.";
  if (!/^(?:\/|[a-z]:[\\/])/iu.test(path)) return "Give the whole path, from the root of the disk.";
  return path.split(/[\\/]/u).includes("..") ? "Give the path without any “..” in it." : null;
}

export const nameProblem = roomNameProblem;

/** The same request as a command for a terminal on its machine. */
export function commandOf({ name, repo, team, harness }: Request): string {
  const words = ["muster room create", quoted(name || "NAME"), "--repo", quoted(repo || "PATH")];
  words.push("--harness", quoted(harness), "--team", team.join(","));
  return words.join(" ");
}

/** As a shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
