/** A plan as the demo's planner makes it: what it is about, and three to five steps. */
export interface Checklist {
  readonly title: string;
  readonly steps: readonly string[];
}

const FEWEST = 3;
const MOST = 5;
const TITLE_CHARS = 60;
const STEP_CHARS = 160;

/** Steps that suit every plan, for a request that has too few of its own. */
const COMMON = ["Write down what done means", "Check the result", "Tell the room"];

/** Makes a checklist from what a person wrote, by rules about text alone: lines, sentences, "and". */
export function planOf(request: string): Checklist {
  const words = request.replace(/\p{Cc}/gu, (control) => (control === "\n" ? "\n" : " ")).trim();
  const own = parts(words).map((part) => shortened(part, STEP_CHARS));
  const title = shortened(own[0] ?? "An empty request", TITLE_CHARS);
  const missing = Math.max(0, FEWEST - own.length);
  return { title, steps: [...own, ...COMMON.slice(0, missing)].slice(0, MOST) };
}

/** The plan as Markdown; `parse` reads it back. */
export function checklistText({ title, steps }: Checklist): string {
  return [`# ${title}`, "", ...steps.map((step) => `- [ ] ${step}`), ""].join("\n");
}

/** Reads a plan out of a text that somebody handed on; one without a checklist is planned first. */
export function readChecklist(text: string): Checklist {
  const title = /^#\s+(.+)$/m.exec(text)?.[1];
  const steps = [...text.matchAll(/^- \[ \] (.+)$/gm)].map((match) => match[1] ?? "");
  return title === undefined || steps.length === 0 ? planOf(text) : { title, steps };
}

/** A file name for a plan: plain letters, digits and dashes, never a path. */
export function slugOf(title: string): string {
  const slug = title
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 40);
  return slug === "" ? "plan" : slug;
}

function parts(words: string): string[] {
  const lines = split(words, /\n+/);
  const sentences =
    lines.length >= FEWEST ? lines : lines.flatMap((line) => split(line, /[.;!?](?:\s+|$)/));
  const clauses =
    sentences.length >= FEWEST
      ? sentences
      : sentences.flatMap((part) => split(part, /,\s+(?:and\s+)?|\s+and\s+/));
  return clauses.map((part) => part.charAt(0).toUpperCase() + part.slice(1));
}

function split(text: string, by: RegExp): string[] {
  return text
    .split(by)
    .map((part) => part.replace(/^(?:[-*•]|\d{1,2}[.)])\s+|[.;!?,\s]+$/g, "").trim())
    .filter((part) => part !== "");
}

function shortened(text: string, chars: number): string {
  const flat = text.replace(/\s+/g, " ").replace(/^#+\s*/, "");
  return flat.length <= chars ? flat : `${flat.slice(0, chars - 1).trimEnd()}…`;
}
