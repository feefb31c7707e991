import { useMutation, useQuery } from "convex/react";
import { api } from "#lib/backend.ts";
import type { Schedule, ScheduleSettings, Tick } from "#lib/backend.ts";
import { useAsking } from "#lib/asking.ts";

/** A room's settings and its schedules by name; undefined until the backend answered. */
export function useSchedules(
  room: string,
): { readonly settings: ScheduleSettings; readonly items: readonly Schedule[] } | undefined {
  return useQuery(api.schedules.list, { room });
}

const SHOWN = 50;

/** What a schedule did lately, newest first; undefined until the backend answered. */
export function useTicks(room: string, schedule: string): readonly Tick[] | undefined {
  return useQuery(api.schedules.ticks, { room, schedule, limit: SHOWN })?.items;
}

/** What a tick by hand came to. */
export type Ran = Pick<Tick, "status" | "reason" | "detail">;

export interface ScheduleActions {
  readonly busy: boolean;
  readonly problem: string | null;
  readonly pause: () => void;
  readonly resume: () => void;
  readonly remove: () => void;
  /** Answers undefined when it was refused. */
  readonly run: () => Promise<Ran | undefined>;
}

/** What a person may ask of a schedule. Each press of a button has a key of its own, so that it counts once. */
export function useScheduleActions(room: string, schedule: Schedule["_id"]): ScheduleActions {
  const pause = useMutation(api.schedules.pause);
  const resume = useMutation(api.schedules.resume);
  const remove = useMutation(api.schedules.remove);
  const run = useMutation(api.schedules.run);
  const { busy, problem, ask } = useAsking();
  const named = { room, schedule };
  return {
    busy,
    problem,
    pause: () => void ask(() => pause(named)),
    resume: () => void ask(() => resume(named)),
    remove: () => void ask(() => remove(named)),
    run: () => {
      const key = crypto.randomUUID();
      return ask(() => run({ ...named, key }));
    },
  };
}

export type Changes = Partial<
  Pick<ScheduleSettings, "on" | "runsPerDay" | "costPerDay" | "idleDays">
> & {
  readonly visibility?: Partial<ScheduleSettings["visibility"]>;
};

export interface Configure {
  readonly busy: boolean;
  readonly problem: string | null;
  /** Answers whether it was accepted. */
  readonly change: (changes: Changes) => Promise<boolean>;
}

/** Changes a room's settings; what is not given stays. */
export function useConfigure(room: string): Configure {
  const configure = useMutation(api.schedules.configure);
  const { busy, problem, ask } = useAsking();
  return {
    busy,
    problem,
    change: async (changes) => (await ask(() => configure({ room, ...changes }))) !== undefined,
  };
}
