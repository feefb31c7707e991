import { clsx } from "clsx";
import { ArrowRight, Check, CircleHelp, FileDiff, TriangleAlert } from "lucide-react";
import { memo } from "react";
import type { ReactNode } from "react";
import { addressOf } from "#lib/address.ts";
import type { Message } from "#lib/backend.ts";
import { isSending } from "#lib/outgoing.ts";
import { plain, plainLine } from "#lib/plain.ts";
import { Clock } from "#ui/age.tsx";
import { Monogram } from "#ui/monogram.tsx";
import { Prose } from "#ui/prose.tsx";

type Type = Message["type"];
interface RowProps {
  readonly message: Message;
  readonly room: string;
}
type Row = (props: RowProps) => ReactNode;

const rows = {
  message: Said,
  handoff: Handoff,
  progress: Progress,
  question: Question,
  notice: Notice,
  summary: Summary,
  system: System,
} satisfies Record<Type, Row>;

/** One message, in the look of its type. */
export const MessageRow = memo(function MessageRow({ message, room }: RowProps) {
  const Row = rows[message.type];
  return (
    <li
      data-type={message.type}
      data-seq={message.seq}
      className={clsx("motion-safe:animate-arrive", isSending(message) && "opacity-60")}
    >
      <Row message={message} room={room} />
    </li>
  );
});

function Said({ message }: { message: Message }) {
  return (
    <Block message={message}>
      <Head message={message}>{message.target !== null && <Target name={message.target} />}</Head>
      <Prose text={message.text} />
    </Block>
  );
}

function Handoff({ message, room }: RowProps) {
  const { taskId } = message;
  return (
    <Block message={message}>
      <Head message={message}>
        {message.target !== null && <Target name={message.target} />}
        <Tag>{message.target === "user" ? "answer" : "handoff"}</Tag>
      </Head>
      <div className="mt-1 rounded-lg border border-line bg-raised px-3.5 py-2.5">
        <Prose text={message.text} />
      </div>
      {taskId !== null && (
        <a
          href={addressOf(room, { kind: "task", id: taskId })}
          data-open-task={taskId}
          className="mt-1.5 inline-flex items-center gap-1 rounded text-xs text-ink-soft underline decoration-line-strong underline-offset-3 hover:text-ink hover:decoration-current"
        >
          <FileDiff className="size-3.5" aria-hidden="true" />
          What {message.sender.name} did
        </a>
      )}
    </Block>
  );
}

function Question({ message }: { message: Message }) {
  return (
    <Block message={message}>
      <Head message={message}>
        {message.target !== null && <Target name={message.target} />}
        <Tag>
          <CircleHelp className="size-3" aria-hidden="true" /> question
        </Tag>
      </Head>
      <div className="mt-1 rounded-lg border border-control-line bg-raised px-3.5 py-2.5">
        <Prose text={message.text} />
      </div>
    </Block>
  );
}

/** Nothing needs a person: one line that can be read over. */
function Summary({ message }: { message: Message }) {
  return (
    <div className="flex items-baseline gap-3 px-5 py-0.5 text-xs text-ink-faint">
      <span className="flex w-7 shrink-0 justify-center self-center" aria-hidden="true">
        <Check className="size-3" />
      </span>
      <p className="min-w-0 flex-1 truncate" title={plain(message.text)}>
        <span className="font-medium text-ink-soft">{message.sender.name}</span>{" "}
        {plainLine(message.text)}
      </p>
      <Clock at={message.at} className="font-mono text-2xs tabular-nums" />
    </div>
  );
}

function Progress({ message }: { message: Message }) {
  return (
    <div className="flex items-baseline gap-3 px-5 py-0.5 text-xs text-ink-faint">
      <span className="flex w-7 shrink-0 justify-center" aria-hidden="true">
        <span className="h-3 w-px bg-line-strong" />
      </span>
      <p className="min-w-0 flex-1 wrap-anywhere">
        <span className="font-medium text-ink-soft">{message.sender.name}</span>{" "}
        <span className="whitespace-pre-line">{message.text}</span>
      </p>
      <Clock at={message.at} className="font-mono text-2xs tabular-nums" />
    </div>
  );
}

function Notice({ message }: { message: Message }) {
  return (
    <div className="mx-5 my-2 flex gap-2.5 rounded-lg bg-amber-wash px-3 py-2 text-sm">
      <TriangleAlert className="mt-0.5 size-4 shrink-0 text-amber" aria-hidden="true" />
      <div className="min-w-0 flex-1">
        <span className="sr-only">Notice: </span>
        <Prose text={message.text} />
      </div>
      <Clock at={message.at} className="mt-0.5 font-mono text-2xs text-ink-soft tabular-nums" />
    </div>
  );
}

function System({ message }: { message: Message }) {
  return (
    <p className="flex items-center gap-3 px-5 py-1.5 text-xs text-ink-faint">
      <span className="h-px flex-1 bg-line" aria-hidden="true" />
      <span className="max-w-[80%] text-center wrap-anywhere">{message.text}</span>
      <Clock at={message.at} className="font-mono text-2xs tabular-nums" />
      <span className="h-px flex-1 bg-line" aria-hidden="true" />
    </p>
  );
}

function Block({ message, children }: { message: Message; children: ReactNode }) {
  return (
    <article className="flex gap-3 px-5 py-2">
      <Monogram name={message.sender.name} person={message.sender.kind === "person"} />
      <div className="min-w-0 flex-1">{children}</div>
    </article>
  );
}

function Head({ message, children }: { message: Message; children?: ReactNode }) {
  return (
    <header className="flex min-h-7 flex-wrap items-center gap-x-2 gap-y-0.5 text-xs text-ink-faint">
      <span className="text-sm font-semibold text-ink">{message.sender.name}</span>
      {children}
      {isSending(message) ? (
        <span>sending…</span>
      ) : (
        <Clock at={message.at} className="ml-auto font-mono text-2xs tabular-nums" />
      )}
    </header>
  );
}

function Target({ name }: { name: string }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <ArrowRight className="size-3" aria-label="to" />
      <span className="font-medium text-ink-soft">{name === "user" ? "you" : name}</span>
    </span>
  );
}

function Tag({ children }: { children: ReactNode }) {
  return (
    <span className="inline-flex items-center gap-1 rounded border border-line-strong px-1.5 text-2xs font-medium text-ink-soft">
      {children}
    </span>
  );
}
