/** Text of others, indented, so that it cannot pass itself off as a line of ours. */
export function indented(text: string, margin = "    "): string {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => `${margin}${line}`)
    .join("\n");
}

/** Its first line, cut to about `length` characters; no text of others breaks a list. */
export function headline(text: string, length = 60): string {
  const line = text.trim().split(/[\r\n]/, 1)[0] ?? "";
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}
