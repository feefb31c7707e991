import type { ToolStatus } from "@muster/core";
import { clsx } from "clsx";
import { Check, Circle, LoaderCircle, X } from "lucide-react";
import { plain, plainLine } from "#lib/plain.ts";
import { Clock, Duration } from "#ui/age.tsx";
import { Disclosure } from "#ui/disclosure.tsx";
import type { ToolCall } from "./story.ts";

const SIGNS = {
  pending: { sign: Circle, said: "pending", colour: "text-ink-faint" },
  running: { sign: LoaderCircle, said: "running", colour: "text-blue" },
  done: { sign: Check, said: "done", colour: "text-green" },
  failed: { sign: X, said: "failed", colour: "text-red" },
} satisfies Record<ToolStatus, { sign: typeof Check; said: string; colour: string }>;

const SHOWN = 40;

/** What the agent did with its tools; a running call counts its seconds. */
export function ToolList({ tools, live }: { tools: readonly ToolCall[]; live: boolean }) {
  const shown = tools.slice(-SHOWN);
  return (
    <section aria-label="Tool calls">
      <h4 className="mb-1 text-2xs font-medium text-ink-faint">
        Tool calls · {tools.length}
        {shown.length < tools.length && `, the last ${SHOWN} shown`}
      </h4>
      <ol className="space-y-1">
        {shown.map((tool) => (
          <Call key={tool.id} tool={tool} live={live} />
        ))}
      </ol>
    </section>
  );
}

function Call({ tool, live }: { tool: ToolCall; live: boolean }) {
  const { sign: Sign, said, colour } = SIGNS[tool.status];
  const running = live && tool.status === "running";
  const output = plain(tool.output ?? "").trim();
  const title = plainLine(tool.title) || "a tool without a name";
  return (
    <li className="flex gap-2 text-xs" data-tool={tool.status}>
      <Sign
        aria-hidden="true"
        className={clsx("mt-0.5 size-3.5 shrink-0", colour, running && "animate-spin")}
      />
      <div className="min-w-0 flex-1">
        {output === "" ? (
          <span className="font-mono wrap-anywhere text-ink">{title}</span>
        ) : (
          <Disclosure label={<span className="font-mono text-ink">{title}</span>}>
            <pre
              tabIndex={0}
              aria-label={`Output of ${title}`}
              className="max-h-40 overflow-auto rounded-md border border-line bg-sunken px-2.5 py-1.5 font-mono text-2xs whitespace-pre-wrap wrap-anywhere text-ink-soft"
            >
              {output}
            </pre>
          </Disclosure>
        )}
        <span className="sr-only"> {said}</span>
      </div>
      {tool.status === "failed" && <span className="font-medium text-red">failed</span>}
      <span className="font-mono text-2xs text-ink-faint tabular-nums">
        {running ? <Duration since={tool.at} /> : <Clock at={tool.at} precise />}
      </span>
    </li>
  );
}
