import { expect, test } from "vitest";
import tokens from "./tokens.css?raw";

const pairs = new Map(
  [...tokens.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/gu)].map(
    ([, name, light, dark]) => [name ?? "", { light: light ?? "", dark: dark ?? "" }],
  ),
);

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string, scheme: "light" | "dark"): number {
  const [x, y] = [a, b].map((name) => luminance(pairs.get(name)?.[scheme] ?? "#000000"));
  const [high, low] = [Math.max(x ?? 0, y ?? 0), Math.min(x ?? 0, y ?? 0)];
  return (high + 0.05) / (low + 0.05);
}

const grounds = ["paper", "panel", "raised", "sunken"];
const statuses = ["green", "blue", "amber", "red", "grey"];
const schemes = ["light", "dark"] as const;

test.each(schemes)("every text is readable on every ground in %s", (scheme) => {
  for (const ground of grounds)
    for (const ink of ["ink", "ink-soft", "ink-faint", ...statuses])
      expect(contrast(ink, ground, scheme), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
});

test.each(schemes)("a status is readable on its own wash in %s", (scheme) => {
  for (const status of statuses)
    for (const ink of [status, "ink", "ink-soft"])
      expect(contrast(ink, `${status}-wash`, scheme), `${ink} on ${status}`).toBeGreaterThanOrEqual(
        4.5,
      );
});

test.each(schemes)("signs, control borders and the focus ring stand out in %s", (scheme) => {
  for (const ground of grounds)
    for (const sign of ["focus", "control-line", ...statuses.map((status) => `${status}-dot`)])
      expect(contrast(sign, ground, scheme), `${sign} on ${ground}`).toBeGreaterThanOrEqual(3);
});

test.each(schemes)("the text of a solid button is readable in %s", (scheme) => {
  for (const ground of ["ink", "ink-soft"])
    expect(contrast("on-ink", ground, scheme)).toBeGreaterThanOrEqual(4.5);
});
