import { existsSync } from "node:fs";
import { mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { identityOf } from "../process-identity.ts";
import { HarnessDied } from "./adapter.ts";
import type { Adapter, Answer, Question, Turn, TurnEvent } from "./adapter.ts";
import type { RememberedSession, SessionMemory } from "./acp/memory.ts";

/** What the suite needs to know of an adapter and of the program behind it. */
export interface Subject {
  readonly name: string;
  /** An adapter in this directory. `silenceMs`: for how long its program may say nothing. */
  readonly make: (workingDir: string, memory: SessionMemory, silenceMs: number) => Adapter;
  /** Whether it remembers earlier turns, tells about tools, and asks before it does something. */
  readonly session: boolean;
  /** Bound of one test in ms, and of a silence that is one. */
  readonly patienceMs: number;
  readonly silenceMs: number;
}

const NEVER_MS = 600_000;

/** A turn that keeps what it hears. */
class Heard implements Turn {
  readonly taskId = "t1";
  readonly request = "";
  readonly events: TurnEvent[] = [];
  readonly questions: Question[] = [];
  readonly emit: Turn["emit"];
  readonly ask: Turn["ask"];

  constructor(answer: Answer | "never" | Turn["ask"] = "denied") {
    this.emit = (event) => void this.events.push(event);
    this.ask = async (question, signal) => {
      this.questions.push(question);
      if (typeof answer === "function") return await answer(question, signal);
      return answer === "never" ? await cancelled(signal) : answer;
    };
  }

  get text(): string {
    return this.events.map((event) => (event.kind === "text" ? event.text : "")).join("");
  }

  get tools() {
    return this.events.filter((event) => event.kind === "tool");
  }
}

async function cancelled(signal: AbortSignal): Promise<Answer> {
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
  return "cancelled";
}

/** The option that lets it happen this once. */
function yes({ options }: Question): Answer {
  return { optionId: options.find(({ kind }) => kind === "allow_once")?.optionId ?? "" };
}

export function memoryOf(known: { session: RememberedSession | null }): SessionMemory {
  return {
    recall: () => Promise.resolve(known.session),
    keep: (session) => Promise.resolve(void (known.session = session)),
    forget: () => Promise.resolve(void (known.session = null)),
  };
}

async function dies(turn: Promise<unknown>): Promise<HarnessDied> {
  const error = await turn.catch((thrown: unknown) => thrown);
  if (!(error instanceof HarnessDied)) throw new Error(`it did not die: ${String(error)}`);
  return error;
}

/** What every adapter promises, whatever program is behind it. Programs do what the first word of a prompt says. */
export function contract(subject: Subject): void {
  const { patienceMs: timeout } = subject;
  const patiently = { interval: 10, timeout };
  const adapters: Adapter[] = [];
  let workingDir: string;
  let known: { session: RememberedSession | null };

  function linus(silenceMs = NEVER_MS): Adapter {
    const adapter = subject.make(workingDir, memoryOf(known), silenceMs);
    adapters.push(adapter);
    return adapter;
  }

  function file(name: string): string {
    return join(workingDir, name);
  }

  async function pidIn(name: string): Promise<number> {
    return await vi.waitFor(async () => {
      const pid = Number(await readFile(file(name), "utf8"));
      expect(pid).toBeGreaterThan(1);
      return pid;
    }, patiently);
  }

  beforeEach(async () => {
    workingDir = await realpath(await mkdtemp(join(tmpdir(), "muster-contract-")));
    known = { session: null };
  });

  afterEach(async () => {
    await Promise.all(adapters.splice(0).map(async (adapter) => await adapter.close()));
    await rm(workingDir, { recursive: true, force: true });
  });

  describe(`${subject.name} keeps the contract of adapters`, { timeout }, () => {
    test("it opens, takes one prompt after the other, and answers each", async () => {
      const adapter = linus();
      await adapter.open();

      const first = await adapter.prompt("say the first net is mended", new Heard());
      const second = await adapter.prompt("say so is the second", new Heard());

      expect(first).toEqual({ text: "the first net is mended", stopReason: "end_turn" });
      expect(second).toEqual({ text: "so is the second", stopReason: "end_turn" });
    });

    test("its program works in the working directory and is told the prompt to the letter", async () => {
      const line = `printf '%s' '$(touch canary) "; touch canary' > said.txt; pwd > here.txt`;

      await linus().prompt(`shell ${line}`, new Heard());

      expect(await readFile(file("said.txt"), "utf8")).toBe('$(touch canary) "; touch canary');
      expect((await readFile(file("here.txt"), "utf8")).trim()).toBe(workingDir);
      expect(existsSync(file("canary"))).toBe(false);
    });

    test("cancelled, a turn ends as cancelled, and what it ran ends with it", async () => {
      const adapter = linus();
      const turn = adapter.prompt("shell echo $$ > pid; exec sleep 100", new Heard());
      const pid = await pidIn("pid");

      adapter.cancel();

      expect((await turn).stopReason).toBe("cancelled");
      await vi.waitFor(async () => expect(await identityOf(pid)).toBeNull(), patiently);
      expect(await adapter.prompt("say go on", new Heard())).toMatchObject({ text: "go on" });
    });

    test("a program that is killed in a turn ends it with one clear reason", async () => {
      const error = await dies(linus().prompt("shell kill -9 $PPID", new Heard()));

      expect(error.message).toMatch(/was killed by SIGKILL/);
    });

    test("when it is closed, nothing that it started is left, in whatever process group", async () => {
      const adapter = linus();
      const turn = adapter.prompt(
        "shell setsid sh -c 'echo $$ > pid; exec sleep 100' & sleep 100",
        new Heard(),
      );
      turn.catch(() => undefined);
      const pid = await pidIn("pid");

      await adapter.close();

      expect(await identityOf(pid)).toBeNull();
      await turn.catch(() => undefined);
    });

    test("closed before it was opened, or twice, it does nothing", async () => {
      const adapter = linus();

      await adapter.close();
      await adapter.close();

      expect(existsSync(file("pid"))).toBe(false);
    });
  });

  if (!subject.session) return;

  describe(`${subject.name} keeps the contract of sessions`, { timeout }, () => {
    test("a tool call is told with its title, its end and its output", async () => {
      const heard = new Heard();

      const { text } = await linus().prompt("shell echo knots > net.txt; cat net.txt", heard);

      expect(heard.tools[0]).toMatchObject({ kind: "tool" });
      expect(heard.tools.map(({ status }) => status)).toContain("running");
      const last = heard.tools.at(-1);
      expect(last?.title).toContain("cat net.txt");
      expect(last).toMatchObject({ status: "done", output: expect.stringContaining("knots") });
      expect(await readFile(file("net.txt"), "utf8")).toBe("knots\n");
      expect(text).toBe("I ran it.");
      expect(heard.text).toContain("I shall run that.");
    });

    test("tokens are told", async () => {
      const heard = new Heard();

      await linus().prompt("say count", heard);

      const usage = heard.events.findLast((event) => event.kind === "usage")?.usage;
      expect(usage?.inputTokens).toBeGreaterThan(0);
      expect(usage?.outputTokens).toBeGreaterThan(0);
    });

    test("what a person allows is done", async () => {
      const heard = new Heard((question) => Promise.resolve(yes(question)));

      const { stopReason } = await linus().prompt("ask touch asked.txt", heard);

      const [question] = heard.questions;
      expect(stopReason).toBe("end_turn");
      expect(heard.questions).toHaveLength(1);
      expect(question?.title).toContain("touch asked.txt");
      expect(question?.detail).toContain("touch asked.txt");
      expect(question?.options.map(({ kind }) => kind)).toContain("reject_once");
      expect(existsSync(file("asked.txt"))).toBe(true);
    });

    test.each<[string, Answer]>([
      ["nobody answers in time", "denied"],
      ["somebody chooses what was never offered", { optionId: "sudo" }],
    ])("what is asked is not done when %s, and the turn ends", async (_when, answer) => {
      const heard = new Heard(answer);

      const { stopReason } = await linus().prompt("ask touch asked.txt", heard);

      expect(heard.questions).toHaveLength(1);
      expect(["end_turn", "refusal", "cancelled"]).toContain(stopReason);
      expect(existsSync(file("asked.txt"))).toBe(false);
    });

    test("a question is taken back when its turn is cancelled, and nothing was allowed", async () => {
      const heard = new Heard("never");
      const adapter = linus();
      const turn = adapter.prompt("ask touch asked.txt", heard);
      await vi.waitFor(() => expect(heard.questions).toHaveLength(1), patiently);

      adapter.cancel();

      expect((await turn).stopReason).toBe("cancelled");
      expect(existsSync(file("asked.txt"))).toBe(false);
    });

    test("a program that says nothing any more is ended, and said to be", async () => {
      const error = await dies(linus(subject.silenceMs).prompt("hang", new Heard()));

      expect(error.message).toMatch(/said nothing for .* s, with no tool running and nobody asked/);
    });

    test("a tool may be silent for longer than its program", async () => {
      const pause = (2 * subject.silenceMs) / 1_000;
      const adapter = linus(subject.silenceMs);

      const { stopReason } = await adapter.prompt(`shell sleep ${pause}`, new Heard());

      expect(stopReason).toBe("end_turn");
    });

    test("a person may take longer to answer than a program may be silent", async () => {
      const heard = new Heard(async (question) => {
        await new Promise((resolve) => setTimeout(resolve, 2 * subject.silenceMs));
        return yes(question);
      });

      await linus(subject.silenceMs).prompt("ask touch asked.txt", heard);

      expect(existsSync(file("asked.txt"))).toBe(true);
    });

    test("a program that was killed between two turns is started again for the next one", async () => {
      const adapter = linus();
      await adapter.prompt("shell echo $PPID > pid", new Heard());
      const pid = await pidIn("pid");

      process.kill(pid, "SIGKILL");
      await vi.waitFor(async () => expect(await identityOf(pid)).toBeNull(), patiently);

      expect(await adapter.prompt("say I am back", new Heard())).toMatchObject({
        text: "I am back",
      });
    });

    test("a restarted program goes on with its session", async () => {
      const before = linus();
      expect(await before.open()).toEqual({ fresh: true });
      await before.prompt("remember bowline", new Heard());
      await before.close();

      const after = linus();

      expect(await after.open()).toEqual({ fresh: false });
      expect((await after.prompt("recall", new Heard())).text).toBe("bowline");
    });

    test("a session that the program does not know any more is replaced by a fresh one", async () => {
      known.session = { sessionId: "ses_neverheardofit", spent: 0 };
      const adapter = linus();

      expect(await adapter.open()).toEqual({ fresh: true });

      expect((await adapter.prompt("say begun", new Heard())).text).toBe("begun");
      expect(known.session?.sessionId).not.toBe("ses_neverheardofit");
    });
  });
}
