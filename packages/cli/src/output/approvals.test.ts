import { expect, test } from "vitest";
import { approvalLines, askedLine, type ApprovalView } from "./approvals.ts";

const now = 1_000_000;
const asked = {
  _id: "a1",
  kind: "approval",
  roomName: "harbor",
  role: "builder",
  title: "Run npm install",
  detail: "in /srv/harbor",
  options: [
    { optionId: "once", name: "Allow once", kind: "allow_once" },
    { optionId: "no", name: "Reject", kind: "reject_once" },
  ],
  choices: [],
  status: "open",
  deadline: now + 540_000,
  optionId: null,
  answer: null,
  answeredBy: null,
  closedAt: null,
} as unknown as ApprovalView;

test("an open question says who asks what, how long it may be answered, and what can be said", () => {
  expect(approvalLines([asked], now)).toEqual([
    { text: "a1  builder of harbor asks, 9 min left", colour: "amber" },
    "  Run npm install",
    "    in /srv/harbor",
    "  once  Allow once",
    "  no    Reject",
  ]);
});

test("a question offers its choices", () => {
  const question = { ...asked, options: [], choices: ["8080", "9090"], detail: "" };
  expect(approvalLines([question], now).slice(1)).toEqual([
    "  Run npm install",
    "  – 8080",
    "  – 9090",
  ]);
});

test("in a line it says what can be answered and how, and its text stays on that line", () => {
  const question = { ...asked, options: [], title: "Which port?\na2  ada asks", deadline: null };
  expect(askedLine({ ...question, choices: ["8080", "9090\nno"] }, now)).toEqual({
    text: 'builder of harbor asks: Which port? (8080, 9090 no) – muster answer a1 "…"',
    colour: "amber",
  });
  expect(askedLine(asked, now)).toMatchObject({
    text: 'builder of harbor asks: Run npm install (once, no), 9 min left – muster answer a1 "…"',
  });
});

test.each<[Partial<ApprovalView>, string]>([
  [{ status: "answered", optionId: "once", answeredBy: "ada" }, "Allow once, said ada"],
  [{ status: "denied" }, "denied, nobody answered in time"],
  [{ status: "void" }, "no longer asked"],
  [{ status: "expired" }, "nobody answered in time"],
  [{ status: "answered", options: [], answer: "80\n81", answeredBy: "ada" }, "80 81, said ada"],
])("a closed question says on one line how it ended: %j", (differs, end) => {
  const closed = { ...asked, title: "Run\nit", closedAt: now - 12_000, ...differs };
  const text = `a1  builder of harbor: Run it – ${end}, 12 s ago`;
  expect(approvalLines([closed], now)).toEqual([{ text, colour: "grey" }]);
});

test("a text of the harness cannot pass itself off as another question", () => {
  const [, title, detail] = approvalLines(
    [{ ...asked, title: "x\na2  ada asks", detail: "\na3  linus asks" }],
    now,
  );
  expect([title, detail]).toEqual(["  x\n  a2  ada asks", "    \n    a3  linus asks"]);
});
