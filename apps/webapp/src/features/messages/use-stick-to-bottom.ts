import { useCallback, useLayoutEffect, useRef, useState } from "react";
import type { Message } from "#lib/backend.ts";
import { isSending } from "#lib/outgoing.ts";

const NEAR_PX = 48;

/**
 * Keeps the newest message in sight while the person is at the bottom. Further up nothing moves, not even
 * when earlier messages arrive above, and `unseen` counts what came meanwhile below.
 */
export function useStickToBottom(items: readonly Message[]) {
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const stuck = useRef(true);
  const seen = useRef({ height: 0, first: -1 });
  const [seenSeq, setSeenSeq] = useState(-1);

  const first = items[0]?.seq ?? -1;
  const newest = items.at(-1);
  const last = newest?.seq ?? -1;
  /** Whoever has just written wants to see it. */
  const justSent = newest !== undefined && isSending(newest);

  const toBottom = useCallback(() => {
    const element = box.current;
    if (element === null) return;
    stuck.current = true;
    element.scrollTop = element.scrollHeight;
  }, []);

  const onScroll = useCallback(() => {
    const element = box.current;
    if (element === null) return;
    stuck.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX;
    if (stuck.current) setSeenSeq(last);
  }, [last]);

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const before = seen.current;
    if (stuck.current || justSent) {
      toBottom();
      setSeenSeq(last);
    } else if (first < before.first) {
      element.scrollTop += element.scrollHeight - before.height;
    }
    seen.current = { height: element.scrollHeight, first };
  }, [first, last, justSent, toBottom]);

  // Formatted text, an opened detail or a narrower window change heights without a new message.
  useLayoutEffect(() => {
    if (content.current === null || box.current === null) return undefined;
    const observer = new ResizeObserver(() => {
      if (stuck.current) toBottom();
      if (box.current !== null) seen.current.height = box.current.scrollHeight;
    });
    observer.observe(content.current);
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [toBottom]);

  const unseen = seenSeq < 0 ? 0 : items.filter((message) => message.seq > seenSeq).length;
  return { box, content, onScroll, toBottom, unseen };
}
