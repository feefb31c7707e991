import type { ReactNode } from "react";
import type { Seat } from "#lib/backend.ts";
import { Age } from "#ui/age.tsx";

/** What a person would look up about an agent, each with its name. */
export function Facts({ seat }: { seat: Seat }) {
  return (
    <dl className="grid grid-cols-[7rem_1fr] gap-x-3 gap-y-1 text-xs">
      <Fact name="Run by">
        {seat.type === "custom" ? "you" : (seat.machineName ?? "no machine")}
      </Fact>
      <Fact name="Harness">{seat.harness ?? "no agent yet"}</Fact>
      <Fact name="Model">
        {seat.scripted ? "none, it is scripted" : (seat.model ?? "the harness's own")}
      </Fact>
      <Fact name="Directory" mono>
        {seat.workingDir ?? "its machine's default"}
      </Fact>
      <Fact name="Wanted">{seat.desired ?? "no agent yet"}</Fact>
      {seat.pid !== null && (
        <Fact name="Process" mono>
          {seat.pid}
          {seat.startedAt !== null && (
            <>
              , <Age since={seat.startedAt} /> old
            </>
          )}
        </Fact>
      )}
      <Fact name="Epoch" mono>
        {seat.epoch}
      </Fact>
    </dl>
  );
}

function Fact({
  name,
  mono = false,
  children,
}: {
  name: string;
  mono?: boolean;
  children: ReactNode;
}) {
  return (
    <>
      <dt className="text-ink-faint">{name}</dt>
      <dd className={mono ? "font-mono wrap-anywhere text-ink" : "wrap-anywhere text-ink"}>
        {children}
      </dd>
    </>
  );
}
