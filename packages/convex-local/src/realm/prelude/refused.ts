import { define } from "./host.ts";

const CALLS = [
  "fetch",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "clearTimeout",
  "clearInterval",
];
const CLASSES = [
  "Request",
  "Response",
  "Headers",
  "FormData",
  "File",
  "WebSocket",
  "XMLHttpRequest",
];

const refusal = (name: string) =>
  new Error(`Can't use ${name}() in queries and mutations. Please consider using an action.`);

for (const name of CALLS) {
  define(name, () => {
    throw refusal(name);
  });
}
for (const name of CLASSES) {
  define(name, function refused() {
    throw refusal(name);
  });
}
