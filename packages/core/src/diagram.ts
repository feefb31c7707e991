import type { AnyStateMachine } from "xstate";
import type { StatusLabel } from "./agent/labels.ts";

type Edge = {
  readonly from: string;
  readonly event: string;
  readonly guard: string | null;
  readonly to: string;
  readonly effects: readonly string[];
};

/** Every transition of a flat lifecycle, guarded alternatives apart, in the order of its definition. */
export function edgesOf(lifecycle: AnyStateMachine): readonly Edge[] {
  return Object.values(lifecycle.states).flatMap((state) =>
    [...state.transitions.values()].flat().map((transition) => ({
      from: state.key,
      event: transition.eventType,
      guard: typeof transition.guard === "string" ? inWords(transition.guard) : null,
      to: transition.target?.[0]?.key ?? state.key,
      effects: transition.actions.map((action) => inWords(nameOf(action))),
    })),
  );
}

/** The page of docs/lifecycles for one lifecycle: its picture, its statuses and its full table. */
export function lifecyclePage(
  title: string,
  lifecycle: AnyStateMachine,
  labels: Readonly<Record<string, StatusLabel>>,
): string {
  const edges = edgesOf(lifecycle);
  return [
    `# ${title}`,
    "Drawn from the code by a test, which fails when this page is stale; `vitest run --project core -u` draws it anew.\nEvery event that is not in the table is refused: the status stays and nothing else happens.",
    `\`\`\`mermaid\n${picture(lifecycle, edges)}\n\`\`\``,
    `## Statuses\n\n${statusTable(labels)}`,
    `## Transitions\n\n${transitionTable(edges)}`,
    "",
  ].join("\n\n");
}

function picture(lifecycle: AnyStateMachine, edges: readonly Edge[]): string {
  const events = Map.groupBy(edges, ({ from, to }) => `  ${from} --> ${to}`);
  const arrows = [...events].map(
    ([arrow, same]) => `${arrow}: ${[...new Set(same.map(({ event }) => event))].join(" / ")}`,
  );
  const initial = Object.values(lifecycle.root.initial.target ?? {}).map(
    ({ key }) => `  [*] --> ${key}`,
  );
  return ["stateDiagram-v2", ...initial, ...arrows].join("\n");
}

function statusTable(labels: Readonly<Record<string, StatusLabel>>): string {
  const rows = Object.entries(labels).map(
    ([status, { label, colour, description }]) =>
      `| \`${status}\` | ${label} | ${colour} | ${description} |`,
  );
  return ["| status | label | colour | meaning |", "|---|---|---|---|", ...rows].join("\n");
}

function transitionTable(edges: readonly Edge[]): string {
  const rows = edges.map(
    ({ from, event, guard, to, effects }) =>
      `| \`${from}\` | \`${event}\` | ${guard ?? ""} | \`${to}\` | ${effects.join(", ")} |`,
  );
  return ["| from | event | if | to | effects |", "|---|---|---|---|---|", ...rows].join("\n");
}

function nameOf(action: unknown): string {
  if (typeof action === "string") return action;
  const named = typeof action === "object" && action !== null && "type" in action;
  return named ? String(action.type) : "";
}

function inWords(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
