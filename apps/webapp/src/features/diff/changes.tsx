import { count } from "#lib/amount.ts";

/** How many lines came and went, in signs and words as well as colours. */
export function Changes({ added, removed }: { added: number; removed: number }) {
  return (
    <span className="shrink-0 font-mono text-2xs tabular-nums">
      <span className="text-green" aria-hidden="true">
        +{added}
      </span>{" "}
      <span className="text-red" aria-hidden="true">
        −{removed}
      </span>
      <span className="sr-only">
        {count(added, "line")} added, {count(removed, "line")} removed
      </span>
    </span>
  );
}
