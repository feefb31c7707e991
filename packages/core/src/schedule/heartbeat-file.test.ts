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
  expect(readHeartbeatFile(text).open).toBe(0);
});

test.each([
  ["- [ ] watch the build", 1],
  ["- [ ] one\n- [x] two\n- [ ] three\n", 2],
  ["Look at the queue.", 1],
  ["- look at the queue\n1. and at the log", 2],
  ["[ ] a box without a bullet", 1],
  ["#hashtag is no heading", 1],
  ["```\nexample\n```\n- [ ] after it", 1],
  ["<!-- a --> - [ ] between <!-- b -->", 1],
  ["~~~\n```\n~~~\nafter", 1],
])("%j asks for %i", (text, open) => {
  expect(readHeartbeatFile(text).open).toBe(open);
});

test("blanks and line ends do not change what a file says, a ticked box does", () => {
  const { hash } = readHeartbeatFile("# Look\n\n- [ ] watch\n");
  expect(readHeartbeatFile("# Look\r\n- [ ]  watch").hash).toBe(hash);
  expect(readHeartbeatFile("# Look\n- [x] watch\n").hash).not.toBe(hash);
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
