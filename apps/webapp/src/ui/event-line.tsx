import type { LucideIcon } from "lucide-react";
import type { ComponentProps } from "react";
import { Clock } from "#ui/age.tsx";

interface EventLineProps extends ComponentProps<"li"> {
  readonly sign: LucideIcon;
  /** The colour of the sign, where it is to be seen from afar. */
  readonly tone?: string;
  /** When it happened, in ms since the epoch. */
  readonly at: number;
}

/** Something that happened, in one quiet line among the messages. */
export function EventLine({ sign: Sign, tone = "", at, children, ...rest }: EventLineProps) {
  return (
    <li {...rest} className="flex items-baseline gap-3 px-5 py-0.5 text-xs text-ink-faint">
      <span className="flex w-7 shrink-0 justify-center self-center" aria-hidden="true">
        <Sign className={`size-3.5 ${tone}`} />
      </span>
      <p className="min-w-0 flex-1 wrap-anywhere">{children}</p>
      <Clock at={at} className="font-mono text-2xs tabular-nums" />
    </li>
  );
}
