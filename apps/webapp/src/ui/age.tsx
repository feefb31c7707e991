import { ageOf, clockTime, durationOf, fullTime, preciseTime, useNow } from "#lib/time.ts";

/** How long something has lasted, ticking; the exact moment is in its title. */
export function Age({ since, className }: { since: number; className?: string }) {
  const now = useNow();
  return (
    <time
      dateTime={new Date(since).toISOString()}
      title={`since ${fullTime(since)}`}
      className={className}
    >
      {ageOf(now - since)}
    </time>
  );
}

export function Clock({
  at,
  precise = false,
  className,
}: {
  at: number;
  /** Shows the seconds too. */
  precise?: boolean;
  className?: string;
}) {
  return (
    <time dateTime={new Date(at).toISOString()} title={fullTime(at)} className={className}>
      {precise ? preciseTime(at) : clockTime(at)}
    </time>
  );
}

/** How long something has been going on, ticking by the second; it stands still once it has ended. */
export function Duration({ since, until = null }: { since: number; until?: number | null }) {
  return until === null ? <Ticking since={since} /> : <>{durationOf(until - since)}</>;
}

function Ticking({ since }: { since: number }) {
  const now = useNow();
  return <>{durationOf(now - since)}</>;
}
