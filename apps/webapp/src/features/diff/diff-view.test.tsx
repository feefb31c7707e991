import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Diff } from "#lib/backend.ts";
import { DiffView } from "./diff-view.tsx";

function show(changes: Partial<Diff>) {
  const diff: Diff = {
    base: "a".repeat(40),
    head: "b".repeat(40),
    commits: [],
    files: [],
    totals: { commits: 0, files: 0, added: 0, removed: 0 },
    truncated: false,
    ...changes,
  };
  return render(<DiffView diff={diff} />).container;
}

const patch = "@@ -1 +1 @@\n-old\n+new\n";

test("a changed line is told by sign and word, not by colour alone", () => {
  const page = show({ files: [{ path: "pier.ts", added: 1, removed: 1, patch }] });
  expect(page.querySelector('[data-line="added"]')?.textContent).toBe("1+added: new");
  expect(page.querySelector('[data-line="removed"]')?.textContent).toBe("1−removed: old");
});

test("commits have a short hash and their subject", () => {
  const page = show({ commits: [{ hash: "0123456789abcdef", subject: "Build the pier" }] });
  expect(page.textContent).toContain("0123456789Build the pier");
});

test("hostile file names, subjects and lines are text and nothing else", () => {
  const html = "<img src=x onerror=alert(1)>";
  const page = show({
    commits: [{ hash: html, subject: html }],
    files: [
      {
        path: `${html}\u001B]0;x\u0007`,
        added: 1,
        removed: 0,
        patch: `@@ -0,0 +1 @@ ${html}\n+${html}\n`,
      },
    ],
  });
  expect(page.querySelectorAll("img, script, a, style")).toHaveLength(0);
  expect(page.querySelector("[data-file]")?.getAttribute("data-file")).toBe(html);
  expect(page.querySelector('[data-line="added"]')?.textContent).toContain(html);
});

test("a large change is folded away until somebody opens it", () => {
  const big = `@@ -0,0 +1,900 @@\n${"+line\n".repeat(900)}`;
  const page = show({ files: [{ path: "vendor.js", added: 900, removed: 0, patch: big }] });
  expect(page.querySelectorAll("[data-line]")).toHaveLength(0);
  fireEvent.click(screen.getByRole("button", { name: "vendor.js" }));
  expect(page.querySelectorAll("[data-line]")).toHaveLength(400);
  fireEvent.click(screen.getByRole("button", { name: "500 more lines" }));
  expect(page.querySelectorAll("[data-line]")).toHaveLength(900);
});

test("what was not stored is counted: lines, files and commits", () => {
  const page = show({
    files: [{ path: "huge.bin", added: 70_000, removed: 1 }],
    totals: { commits: 3, files: 12, added: 70_000, removed: 1 },
    truncated: true,
  });
  expect(page.textContent).toContain("70,001 lines not stored");
  expect(page.textContent).toContain("11 more files not stored");
  expect(page.textContent).toContain("3 more commits not stored");
  expect(page.textContent).toContain("git diff aaaaaaaaaa bbbbbbbbbb");
});

test("a file without lines says why there is nothing to see", () => {
  const page = show({ files: [{ path: "logo.png", added: 0, removed: 0 }] });
  expect(page.textContent).toContain("it is binary, or only its name or mode changed");
});
