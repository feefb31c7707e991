import { useQuery } from "convex/react";
import { api } from "#lib/backend.ts";
import type { Approval } from "#lib/backend.ts";

/** A room's questions: the open ones, then those that were closed last. Empty until the backend answered. */
export function useApprovals(room: string): readonly Approval[] {
  return useQuery(api.approvals.list, { room })?.items ?? NONE;
}

/** The open questions of all rooms of this person. */
export function useWaiting(): readonly Approval[] {
  return (useQuery(api.approvals.list, {})?.items ?? NONE).filter(isOpen);
}

export const isOpen = (approval: Approval): boolean => approval.status === "open";

const NONE: readonly Approval[] = [];
