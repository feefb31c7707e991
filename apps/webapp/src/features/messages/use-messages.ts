import { useQueries, useQuery } from "convex/react";
import { useMemo, useState } from "react";
import { api } from "#lib/backend.ts";
import type { Message } from "#lib/backend.ts";
import { TAIL } from "#lib/outgoing.ts";
import { mergePages, pagesBefore, withoutQuietLines } from "./pages.ts";

const STEP = 100;

export interface Messages {
  /** In their order, without gaps but those of quiet lines; undefined until the backend answered. */
  readonly items: readonly Message[] | undefined;
  readonly hasEarlier: boolean;
  readonly loadingEarlier: boolean;
  readonly loadEarlier: () => void;
}

type Page = { items: Message[] } | Error | undefined;

/**
 * The room's messages, live. The newest are one subscription; everything older that the page still shows
 * is read in fixed pages, so that nothing vanishes at the top when something arrives at the bottom. Without
 * `quietLines` those of schedules are left out.
 */
export function useMessages(room: string, quietLines: boolean): Messages {
  const tail = useQuery(api.messages.list, { room, limit: TAIL })?.items;
  const tailStart = tail?.[0]?.seq ?? null;
  /** Where the page begins: what was there first, or further back as asked. */
  const [start, setStart] = useState<{ from: number; first: boolean } | null>(null);
  if (start === null && tail !== undefined && tailStart !== null)
    setStart({ from: tailStart, first: tail.length < TAIL });
  const from = start?.from ?? null;

  const cursors = useMemo(() => pagesBefore(tailStart, from, STEP), [tailStart, from]);
  const pages = usePages(room, cursors);
  const items = useMemo(() => {
    if (tail === undefined) return undefined;
    const all = mergePages(pages.map(itemsOf), tail, from);
    return quietLines ? all : withoutQuietLines(all);
  }, [pages, tail, from, quietLines]);
  return {
    items,
    hasEarlier: start !== null && !start.first && start.from > 0,
    loadingEarlier: pages.includes(undefined),
    loadEarlier: () => setStart((at) => at && { ...at, from: Math.max(0, at.from - STEP) }),
  };
}

function usePages(room: string, cursors: readonly number[]): Page[] {
  const requests = useMemo(
    () =>
      Object.fromEntries(
        cursors.map((before) => [
          String(before),
          { query: api.messages.list, args: { room, before, limit: STEP } },
        ]),
      ),
    [cursors, room],
  );
  const results = useQueries(requests) as Record<string, Page>;
  return useMemo(() => cursors.map((before) => results[String(before)]), [cursors, results]);
}

function itemsOf(page: Page): readonly Message[] {
  if (page instanceof Error) throw page;
  return page?.items ?? [];
}
