import { useMutation, useQuery } from "convex/react";
import { api } from "#lib/backend.ts";
import type { Notice } from "#lib/backend.ts";
import { useAsking } from "#lib/asking.ts";

/** What everybody connected should know now: the server's notices and those of this person's rooms. */
export function useNotices(): readonly Notice[] {
  return useQuery(api.notices.list, {})?.items ?? NONE;
}

const NONE: readonly Notice[] = [];

export const ofServer = ({ scope }: Notice): boolean => scope === "server";
export const ofRoom =
  (roomId: string) =>
  (notice: Notice): boolean =>
    notice.roomId === roomId;

export interface NoticeActions {
  readonly busy: boolean;
  readonly problem: string | null;
  readonly resume: () => void;
  /** Ends it for everybody in the room. */
  readonly dismiss: () => void;
}

/** What a person may do about a notice of a room. */
export function useNoticeActions({ _id, roomId, scheduleId }: Notice): NoticeActions {
  const resume = useMutation(api.schedules.resume);
  const dismiss = useMutation(api.notices.dismiss);
  const { busy, problem, ask } = useAsking();
  return {
    busy,
    problem,
    resume: () => {
      if (roomId !== null && scheduleId !== null)
        void ask(() => resume({ room: roomId, schedule: scheduleId }));
    },
    dismiss: () => void ask(() => dismiss({ noticeId: _id })),
  };
}
