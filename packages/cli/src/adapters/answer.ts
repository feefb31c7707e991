import { redact } from "../daemon/redact.ts";

/** As much of an answer as a message can hold, with room for a sentence of ours. */
const ANSWER_CHARS = 15_000;

/** What a harness answers in a turn, bounded and without secrets: what it says last, else all that it said. */
export class AnswerText {
  #before = "";
  #last = "";
  #cut = false;

  add(text: string): void {
    const room = ANSWER_CHARS - this.#last.length;
    if (text.length > room) this.#cut = true;
    this.#last += text.slice(0, Math.max(0, room));
  }

  /** What was said so far led to some work; what is said from here on is more of an answer. */
  separate(): void {
    if (this.#last.trim() === "") return;
    this.#before = `${this.#before}${this.#last}\n\n`.slice(-ANSWER_CHARS);
    this.#last = "";
    this.#cut = false;
  }

  read(): string {
    const last = redact(this.#last).trim();
    const answer = last === "" ? redact(this.#before).trim() : last;
    return this.#cut ? `${answer}\n\n(The answer was longer; the rest was cut off.)` : answer;
  }
}
