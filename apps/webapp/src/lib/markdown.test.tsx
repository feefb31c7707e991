import { render } from "@testing-library/react";
import { expect, test } from "vitest";
import { Markdown } from "#lib/markdown.tsx";

function shown(text: string): HTMLElement {
  return render(<Markdown text={text} />).container;
}

const attacks = [
  '<img src=x onerror="alert(1)">',
  "<script>alert(1)</script>",
  '<svg onload="alert(1)"><circle/></svg>',
  '<iframe src="https://evil.example"></iframe>',
  "<style>*{display:none}</style>",
  '<a href="javascript:alert(1)">click</a>',
  '<details open ontoggle="alert(1)">',
  '<math><mi xlink:href="data:x,<script>alert(1)</script>"></mi></math>',
  '<div\nonclick="alert(1)">block</div>',
];

test.each(attacks)("HTML in a message is shown as it was written and never built: %s", (attack) => {
  const page = shown(`before\n\n${attack}\n\nafter`);
  expect(page.querySelector("img,script,svg,iframe,style,details,math,[onclick]")).toBeNull();
  expect(page.querySelector("a")).toBeNull();
  expect(page.textContent).toContain(attack.slice(0, 8));
});

test("HTML inside a fence stays code", () => {
  const page = shown("```html\n<img src=x onerror=alert(1)>\n```");
  expect(page.querySelector("img")).toBeNull();
  expect(page.querySelector("pre code")?.textContent).toContain("<img src=x onerror=alert(1)>");
});

test.each([
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  "java\tscript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "vbscript:x",
  "file:///etc/passwd",
])("an address that is not of the web is no link: %s", (href) => {
  expect(shown(`[click](<${href}>)`).querySelector("a")).toBeNull();
});

test("a relative address is no link, because it would lead into this page under our own name", () => {
  const page = shown("[win](/#code=stolen) [here](#/harbor) [there](//evil.example)");
  expect(page.querySelector("a")).toBeNull();
  expect(page.textContent).toContain("win");
});

test("a link says its host and opens without handing over this page", () => {
  const page = shown("[the docs](https://docs.example.com/a?b=1)");
  const link = page.querySelector("a");
  expect(link?.getAttribute("href")).toBe("https://docs.example.com/a?b=1");
  expect(link?.getAttribute("rel")).toContain("noopener");
  expect(link?.getAttribute("rel")).toContain("noreferrer");
  expect(link?.getAttribute("target")).toBe("_blank");
  expect(page.textContent).toContain("(docs.example.com)");
});

test("a link dressed up as another one still says where it leads", () => {
  expect(shown("[https://github.com](https://github.com@evil.example/)").textContent).toContain(
    "(evil.example)",
  );
  expect(shown("[https://good.example](https://evil.example)").textContent).toContain(
    "(evil.example)",
  );
});

test("an address written out needs no second naming of its host", () => {
  expect(shown("see https://example.com/x").textContent).toBe("see https://example.com/x");
});

test("a remote image is never loaded; it becomes a link that says its host", () => {
  const page = shown("![chart](https://tracker.example/p.png?secret=1)");
  expect(page.querySelector("img")).toBeNull();
  expect(page.textContent).toBe("[image: chart](tracker.example)");
});

test("an image inside a link makes no link of its own inside the link", () => {
  const page = shown("[![ci](https://a.example/b.svg)](https://c.example)");
  expect(page.querySelector("img")).toBeNull();
  expect(page.querySelector("a a")).toBeNull();
});

test("tables, task lists and code keep their form", () => {
  const page = shown("| a | b |\n|---|---|\n| 1 | 2 |\n\n- [x] done\n\n`code`");
  expect(page.querySelectorAll("td")).toHaveLength(2);
  expect(page.querySelector<HTMLInputElement>("input[type=checkbox]")?.disabled).toBe(true);
  expect(page.querySelector("code")?.textContent).toBe("code");
});

test("a text that is too long to parse at once is shown whole and plain", () => {
  const text = `${"[".repeat(30_000)} end`;
  expect(shown(text).textContent).toBe(text);
});
