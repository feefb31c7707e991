import { TEXT_LIMITS, utf8Length } from "@muster/core";
import { CircleAlert, CornerDownLeft } from "lucide-react";
import { Suspense, lazy, useState } from "react";
import type { FormEvent, KeyboardEvent } from "react";
import type { Room, Seat } from "#lib/backend.ts";
import { keepDraft, readDraft } from "#lib/draft.ts";
import { sentenceOf } from "#lib/refusal.ts";
import { Button } from "#ui/button.tsx";
import { putBack } from "./put-back.ts";
import type { Send } from "./use-send.ts";
import { WakeLine } from "./wake-line.tsx";

// The list and what positions it are a seventh of the page's code, and nobody changes the target first thing.
const TargetPicker = lazy(() =>
  import("./target-picker.tsx").then((module) => ({ default: module.TargetPicker })),
);

export interface ComposerProps {
  room: Room;
  team: readonly Seat[];
  /** Whether the page hears its backend; without it nothing is sent and the text stays. */
  connected: boolean;
  send: Send;
  start: (role: string) => Promise<unknown>;
}

/** Where a person writes. The text leaves only when it was accepted, and comes back when it was refused. */
export function Composer({ room, team, connected, send, start }: ComposerProps) {
  const [text, setText] = useState(() => readDraft(room.name));
  const [chosen, setChosen] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  /** What the backend said happens with the message just sent; until the next one is begun. */
  const [note, setNote] = useState<string | null>(null);

  const target = team.find((seat) => seat.role === (chosen ?? room.entryRole)) ?? team[0];
  const blocked = whyBlocked(room, target, connected, text);

  const write = (next: string) => {
    setText(next);
    setNote(null);
    keepDraft(room.name, next);
  };

  const submit = async () => {
    const said = text;
    if (target === undefined || blocked !== null || said.trim() === "") return;
    write("");
    setProblem(null);
    try {
      setNote((await send({ to: target.role, text: said })).note);
    } catch (error) {
      setProblem(`Not sent: ${sentenceOf(error)}`);
      setText((since) => {
        const both = putBack(said, since);
        keepDraft(room.name, both);
        return both;
      });
    }
  };

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void submit();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const plainEnter = event.key === "Enter" && !event.shiftKey && !event.altKey;
    if (!plainEnter || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void submit();
  };

  const onStart = (role: string) => {
    setProblem(null);
    start(role).catch((error: unknown) => setProblem(sentenceOf(error)));
  };

  return (
    <form
      onSubmit={onSubmit}
      aria-label="Write a message"
      className="mx-auto w-full max-w-[52rem] px-3 pb-3 sm:px-5 sm:pb-4"
    >
      {problem !== null && (
        <p
          role="alert"
          className="mb-2 flex gap-2 rounded-md bg-red-wash px-3 py-2 text-sm text-red"
        >
          <CircleAlert className="mt-0.5 size-4 shrink-0" aria-hidden="true" />
          {problem}
        </p>
      )}
      <div className="rounded-xl border border-control-line bg-raised focus-within:border-focus focus-within:shadow-[0_0_0_1px_var(--focus)]">
        <textarea
          value={text}
          onChange={(event) => write(event.target.value)}
          onKeyDown={onKeyDown}
          rows={2}
          aria-label={`Message to ${target?.role ?? room.name}`}
          placeholder={
            target === undefined ? "Nobody to write to yet" : `What should ${target.role} do?`
          }
          className="field-sizing-content block max-h-60 min-h-14 w-full resize-none bg-transparent px-3.5 pt-3 pb-1 outline-none placeholder:text-ink-faint"
        />
        <div className="flex items-center gap-2 p-2">
          {target !== undefined && (
            <Suspense fallback={<ToTarget role={target.role} />}>
              <TargetPicker
                team={team}
                value={target.role}
                entryRole={room.entryRole}
                onChange={setChosen}
              />
            </Suspense>
          )}
          <p
            role="status"
            title={blocked ?? note ?? undefined}
            className="min-w-0 flex-1 truncate text-right text-xs text-ink-faint"
          >
            {blocked ?? note ?? <KeyHint />}
          </p>
          <Button
            type="submit"
            look="solid"
            disabled={blocked !== null || text.trim() === ""}
            aria-label="Send"
          >
            Send <CornerDownLeft className="size-3.5" aria-hidden="true" />
          </Button>
        </div>
      </div>
      {target !== undefined && connected && room.archivedAt === null && (
        <div className="mt-2 px-1">
          <WakeLine
            seat={target}
            room={room.name}
            onStart={room.rights.includes("manage") ? () => onStart(target.role) : null}
          />
        </div>
      )}
    </form>
  );
}

/** In the place of the picker until its code has arrived. */
function ToTarget({ role }: { role: string }) {
  return (
    <span className="flex h-8 items-center gap-1.5 rounded-md border border-line bg-raised px-2 text-sm font-medium">
      <span className="text-ink-faint">to</span> {role}
    </span>
  );
}

function KeyHint() {
  return <span className="hidden sm:inline">Enter sends · Shift+Enter for a new line</span>;
}

/** Why nothing can be sent now, as the words beside the button; null when it can. */
function whyBlocked(
  room: Room,
  target: Seat | undefined,
  connected: boolean,
  text: string,
): string | null {
  if (room.archivedAt !== null) return "This room is archived.";
  if (!room.rights.includes("send")) return "You may read here, but not write.";
  if (target === undefined) return "This room has no roles yet.";
  if (!connected) return "Not connected. Your text stays here.";
  const over = utf8Length(text) - TEXT_LIMITS.message;
  return over > 0 ? `Too long by ${over} bytes.` : null;
}
