import { define, host } from "./host.ts";

const write =
  (level: string) =>
  (...parts: unknown[]) =>
    host.log(level, parts);

define("console", {
  log: write("LOG"),
  info: write("INFO"),
  warn: write("WARN"),
  error: write("ERROR"),
  debug: write("DEBUG"),
  trace: write("DEBUG"),
});
