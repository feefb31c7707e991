import { transition } from "xstate";
import type { AnyStateMachine } from "xstate";

/** What one event did to a lifecycle. A refused event leaves the status as it was and has no effects. */
export type Outcome<Status, Effect> = {
  readonly status: Status;
  readonly effects: readonly Effect[];
  readonly refused: boolean;
};

/**
 * Applies one event to a stored status and returns the next status with the effects that the host
 * must carry out, in order, in the same mutation.
 *
 * A transition that was not taken gives back the very same snapshot and nothing to do; that is a
 * refusal. (One that stays in its status on purpose always has an effect, so it is not mistaken for one.)
 *
 * @throws when the status is none of the lifecycle's
 */
export function step<Status extends string, Effect extends { readonly type: string }>(
  lifecycle: AnyStateMachine,
  status: Status,
  event: { readonly type: string },
): Outcome<Status, Effect> {
  const asked = JSON.stringify([status, event]);
  const known = outcomesOf(lifecycle);
  const outcome = known.get(asked) ?? outcomeOf(lifecycle, status, event);
  // An exit with its last words comes but once.
  if (asked.length <= LONGEST_KEPT) known.set(asked, outcome);
  if (known.size > MOST_KEPT) known.clear();
  // The lifecycles are flat and were checked against these types where they were defined.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return outcome as Outcome<Status, Effect>;
}

type AnyOutcome = Outcome<string, { readonly type: string }>;

/** A lifecycle is pure, and asking xstate takes longer than most of what else a mutation does. */
const outcomes = new WeakMap<AnyStateMachine, Map<string, AnyOutcome>>();
const LONGEST_KEPT = 200;
const MOST_KEPT = 500;

function outcomesOf(lifecycle: AnyStateMachine): Map<string, AnyOutcome> {
  const known = outcomes.get(lifecycle) ?? new Map<string, AnyOutcome>();
  outcomes.set(lifecycle, known);
  return known;
}

function outcomeOf(
  lifecycle: AnyStateMachine,
  status: string,
  event: { readonly type: string },
): AnyOutcome {
  const current = lifecycle.resolveState({ value: status, context: {} });
  const [next, actions] = transition(lifecycle, current, event);
  return {
    // Flat: the value is the name of the status.
    status: String(next.value),
    effects: actions.map(({ type, params }) => ({ type, ...params })),
    refused: next === current && actions.length === 0,
  };
}

/** Tells xstate the events of a lifecycle; it only looks at the type. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
export function ofEvents<Event>(): { context: Record<string, never>; events: Event } {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { context: {}, events: {} as Event };
}

/** The implementations that xstate wants for effects that only leave as names: they do nothing. */
export type EffectActions<Effect extends { readonly type: string }> = {
  [E in Effect as E["type"]]: (
    _: unknown,
    params: keyof Omit<E, "type"> extends never ? undefined : Omit<E, "type">,
  ) => void;
};
