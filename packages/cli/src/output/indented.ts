/** Text of others, indented, so that it cannot pass itself off as a line of ours. */
export function indented(text: string, margin = "    "): string {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => `${margin}${line}`)
    .join("\n");
}

/** Its first lines, each cut to `length` characters, and how many more there are. */
export function excerpt(text: string, most: number, length: number): string {
  const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== "");
  const left = lines.length - most;
  const shown = lines.slice(0, most).map((line) => headline(line, length));
  return [...shown, ...(left > 0 ? [`… ${left} more`] : [])].join("\n");
}

/** Its first line, cut to about `length` characters; no text of others breaks a list. */
export function headline(text: string, length = 60): string {
  const line = text.trim().split(/[\r\n]/, 1)[0] ?? "";
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}
