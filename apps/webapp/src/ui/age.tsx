import { ageOf, clockTime, fullTime, preciseTime, useNow } from "#lib/time.ts";

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
