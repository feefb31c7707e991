const DAY_MS = 24 * 3_600_000;
/** The window of the caps: the last 24 hours, so that no midnight gives a second portion at once. */
export const CAP_WINDOW_MS = DAY_MS;

export type Caps = {
  /** How many ticks of a room may wake somebody within the window. */
  readonly runsPerDay: number;
  /** What they may cost together, in the currency that the harnesses report. */
  readonly costPerDay: number;
  /** After how many days without a word of a person a room's schedules stop; 0: never. */
  readonly idleDays: number;
};
/** Two agents that look around every half hour; a bill that nobody has to fear; two weeks of holidays. */
export const DEFAULT_CAPS: Caps = { runsPerDay: 96, costPerDay: 5, idleDays: 14 };
/** Runs that a room can be allowed at most: they are counted one by one. */
export const MOST_RUNS_PER_DAY = 1_440;

/** What is wrong with a room's caps, as one sentence; null when they may be kept. */
export function capsProblem({ runsPerDay, costPerDay, idleDays }: Caps): string | null {
  if (!Number.isInteger(runsPerDay) || runsPerDay < 1 || runsPerDay > MOST_RUNS_PER_DAY)
    return `The runs of a day are a number from 1 to ${MOST_RUNS_PER_DAY}.`;
  if (!Number.isFinite(costPerDay) || costPerDay < 0)
    return "The cost of a day is not a positive number.";
  if (!Number.isInteger(idleDays) || idleDays < 0 || idleDays > 366)
    return "The idle days are a number from 0, which means never, to 366.";
  return null;
}

/** Which cap is used up, as the end of a sentence; null while another run may begin. */
export function capProblem(caps: Caps, used: { readonly runs: number; readonly cost: number }) {
  const { runsPerDay } = caps;
  if (used.runs >= runsPerDay)
    return `${runsPerDay} ${runsPerDay === 1 ? "run" : "runs"} within 24 hours`;
  if (used.cost >= caps.costPerDay && used.cost > 0)
    return `${used.cost.toFixed(2)} spent within 24 hours, of ${caps.costPerDay.toFixed(2)} allowed`;
  return null;
}

/** Whether nobody has spoken in a room for so long that its schedules work for nobody. */
export function isIdle({ idleDays }: Caps, lastWordAt: number, now: number): boolean {
  return idleDays > 0 && now - lastWordAt >= idleDays * DAY_MS;
}

/** So many turns in a row that fail to sign in do not mend themselves. */
export const SIGN_IN_FAILURES = 3;

/** Whether a turn ended because its program could not sign in to its model, by the words it ended with. */
export function isSignInFailure(error: string): boolean {
  return /\b401\b|unauthori[sz]ed|authenticat|not (?:signed|logged) in|(?:sign|log) in (?:again|first|failed|required)|log ?in required|invalid[ _-]api[ _-]key|api key|\/login\b|credentials? (?:expired|missing|invalid)/i.test(
    error,
  );
}
