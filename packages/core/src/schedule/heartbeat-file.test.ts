import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readHeartbeatFile } from "./heartbeat-file.ts";

test.each([
  "",
  "\n \n\t\n",
  "# Look after\n\n## Nightly\n###### deep\n#\n",
  "- \n-\n* \n1. \n2)\n",
  "- [ ]\n- [ ] \n* [x] \n[ ]\n- []\n",
  "- [x] watch the build\n- [X] water the plants\n",
  "<!-- - [ ] not yet\nnor this -->\n",
  "<!-- never closed\n- [ ] hidden",
  "```\n- [ ] an example\n```\n~~~md\ntext\n```\n~~~\n",
  "---\n* * *\n",
  "\uFEFF# Look after\r\n\r\n- [ ]\r\n",
])("%j asks for nothing", (text) => {
  expect(readHeartbeatFile(text)).toMatchObject({ open: 0, empty: true });
});

test.each([
  ["- [ ] watch the build", 1],
  ["- [ ] one\n- [x] two\n- [ ] three\n", 2],
  ["[ ] a box without a bullet", 1],
  ["```\nexample\n```\n- [ ] after it", 1],
  ["<!-- a --> - [ ] between <!-- b -->", 1],
  ["~~~\n```\n~~~\n- [ ] after", 1],
])("%j has %i open", (text, open) => {
  expect(readHeartbeatFile(text).open).toBe(open);
});

test.each([
  "Look at the queue.",
  "- look at the queue",
  "1. and at the log",
  "#hashtag",
  "> quoted",
])("%j asks for something that cannot be ticked off", (text) => {
  expect(readHeartbeatFile(text)).toMatchObject({ open: 0, empty: false });
});

test("blanks, line ends, headings and ticks do not change what a file asks for, words do", () => {
  const { hash } = readHeartbeatFile("# Look\n\nat the queue\n- [ ] once\n");
  expect(readHeartbeatFile("at the  queue \r\n- [x] once\r\n").hash).toBe(hash);
  expect(readHeartbeatFile("at the log\n- [ ] once\n").hash).not.toBe(hash);
});

test("one open item more is one more, wherever it stands between lines that ask for nothing", () => {
  const idle = fc.array(fc.constantFrom("", "# Head", "- [ ]", "- [x] done", "-", "<!-- c -->"));
  fc.assert(
    fc.property(idle, idle, (before, after) => {
      const around = (line: string[]) => [...before, ...line, ...after].join("\n");
      expect(readHeartbeatFile(around([])).open).toBe(0);
      expect(readHeartbeatFile(around(["- [ ] watch"])).open).toBe(1);
    }),
  );
});

test("no text makes it stumble", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const { open, hash } = readHeartbeatFile(text);
      expect(open).toBeGreaterThanOrEqual(0);
      expect(hash).toMatch(/^[\da-f]{16}$/);
    }),
  );
});
