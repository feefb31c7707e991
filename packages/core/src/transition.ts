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
  const current = lifecycle.resolveState({ value: status, context: {} });
  const [next, actions] = transition(lifecycle, current, event);
  const effects = actions.map(({ type, params }): unknown => ({ type, ...params }));
  // The lifecycles are flat and were checked against these types where they were defined.
  /* oxlint-disable typescript/no-unsafe-type-assertion */
  return {
    status: next.value as Status,
    effects: effects as Effect[],
    refused: next === current && actions.length === 0,
  };
  /* oxlint-enable typescript/no-unsafe-type-assertion */
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
