import { headOf, TEXT_LIMITS, tailOf, utf8Length } from "@muster/core/room/text";
import { MAX_TURN_EVENTS } from "@muster/core/turn/turn";
import type { api as Api } from "@muster/backend/api";
import type { FunctionArgs } from "convex/server";
import type { TurnEvent } from "../adapters/adapter.ts";
import { shown } from "./shown.ts";

/** An event as it is recorded: bounded, without secrets. */
export type RecordedEvent = FunctionArgs<typeof Api.turns.record>["events"][number];

type Speech = "text" | "thought";

/** Bytes of a tool's title and of the end of its output, with room for what holds them. */
const TITLE_BYTES = 400;
const OUTPUT_BYTES = 2_800;
const ID_BYTES = 100;
const PLAN_ENTRIES = 50;
/** Characters of one recorded text: as bytes they fit into an event in any script. */
const TEXT_CHARS = 1_300;
/** How long a key may be that is held back until its end, and how much of anything else is looked at. */
const KEY_CHARS = 8_000;
const OPEN_KEY = /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?![^]*-----END )/;

/**
 * What a turn tells, made fit to be recorded: words that belong together are one event, a tool call that changes often
 * is told as it is now, and what nobody would read is cut.
 */
export class Story {
  #speech: { kind: Speech; text: string } | null = null;
  readonly #waiting: RecordedEvent[] = [];
  #dropped = 0;

  add(event: Exclude<TurnEvent, { kind: "usage" }>): void {
    if (event.kind === "tool") this.#tool(event);
    else if (event.kind === "plan") this.#tell(planOf(event.entries));
    else if (event.kind === "notice") this.#tell({ kind: "notice", body: bounded(event.text) });
    else this.#say(event.kind, event.text);
  }

  /** Whether there is anything to record. */
  get isEmpty(): boolean {
    return this.#waiting.length === 0 && this.#speech === null;
  }

  /** Takes what can be recorded now, at most `most`. Words whose line has not ended wait, unless it is the end. */
  take(most: number, how: { readonly all: boolean }): RecordedEvent[] {
    if (how.all) this.#endSpeech();
    else this.#tellLines();
    return this.#waiting.splice(0, most);
  }

  #say(kind: Speech, text: string): void {
    if (this.#speech !== null && this.#speech.kind !== kind) this.#endSpeech();
    this.#speech = { kind, text: (this.#speech?.text ?? "") + text };
    let told = true;
    while (told && this.#speech.text.length > TEXT_CHARS) told = this.#tellUpTo(TEXT_CHARS);
  }

  /** A secret must not be recorded in two halves that are no secret each: only whole lines are. */
  #tellLines(): void {
    this.#tellUpTo((this.#speech?.text.lastIndexOf("\n") ?? -1) + 1);
  }

  /** Tells the speech up to a blank before `limit`; false if it has to be held back. */
  #tellUpTo(limit: number): boolean {
    if (this.#speech === null) return false;
    const { kind, text } = this.#speech;
    const end = endOf(text, limit);
    if (end === 0) return false;
    this.#push({ kind, body: bounded(text.slice(0, end)) });
    this.#speech = { kind, text: text.slice(end) };
    return true;
  }

  #endSpeech(): void {
    if (this.#speech !== null && this.#speech.text !== "") {
      const { kind, text } = this.#speech;
      this.#push({ kind, body: bounded(text) });
    }
    this.#speech = null;
  }

  #tool(event: Extract<TurnEvent, { kind: "tool" }>): void {
    const id = headOf(event.id, ID_BYTES);
    const told = this.#waiting.findIndex(({ kind, body }) => kind === "tool" && body.id === id);
    const output = tailOf(shown((event.output ?? "").slice(-KEY_CHARS)), OUTPUT_BYTES);
    const body = {
      id,
      title: titleOf(event.title),
      status: event.status,
      ...(output === "" ? {} : { output }),
    };
    if (told === -1) this.#tell({ kind: "tool", body: fitting(body) });
    else this.#waiting[told] = { kind: "tool", body: fitting(body) };
  }

  #tell(event: RecordedEvent): void {
    this.#endSpeech();
    this.#push(event);
  }

  #push(event: RecordedEvent): void {
    if (typeof event.body === "string" && event.body.trim() === "") return;
    this.#waiting.push(event);
    if (this.#waiting.length <= MAX_TURN_EVENTS) return;
    this.#dropped += this.#waiting.splice(0, 2).length;
    const body = `${this.#dropped} events were too many to be recorded`;
    this.#waiting.unshift({ kind: "notice", body });
  }
}

/** Where to cut a text: at a blank before `limit`, so that no word is halved, and before a key that has not ended. */
function endOf(text: string, limit: number): number {
  const head = text.slice(0, limit);
  const key = text.length > KEY_CHARS ? null : OPEN_KEY.exec(head);
  if (key !== null) return key.index;
  const blank = Math.max(head.lastIndexOf(" "), head.lastIndexOf("\n")) + 1;
  return blank === 0 && text.length > KEY_CHARS ? limit : blank;
}

function bounded(text: string): string {
  return headOf(shown(text.slice(0, KEY_CHARS)), TEXT_LIMITS.event);
}

function titleOf(text: string): string {
  return headOf(shown(text.slice(0, KEY_CHARS)), TITLE_BYTES);
}

type Tool = Extract<RecordedEvent, { kind: "tool" }>["body"];

function fitting(body: Tool): Tool {
  if (measure(body) <= TEXT_LIMITS.event) return body;
  const output = body.output ?? "";
  return fitting(
    output.length > 100
      ? { ...body, output: output.slice(Math.ceil(output.length / 4)) }
      : { id: body.id, title: body.title.slice(0, body.title.length / 2), status: body.status },
  );
}

function planOf(entries: Extract<TurnEvent, { kind: "plan" }>["entries"]): RecordedEvent {
  let kept = entries.slice(0, PLAN_ENTRIES).map(({ text, status }) => ({
    text: titleOf(text),
    status,
  }));
  while (measure({ entries: kept }) > TEXT_LIMITS.event) kept = kept.slice(0, -1);
  return { kind: "plan", body: { entries: kept } };
}

function measure(body: string | object): number {
  return utf8Length(JSON.stringify(body));
}
