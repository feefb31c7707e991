import { randomUUID } from "node:crypto";
import * as fc from "fast-check";

const nested = (depth: number, open: string, close: string) =>
  `${open.repeat(depth)}1${close.repeat(depth)}`;

/** JSON texts where something else is expected; some of them no JSON at all. */
const STRANGE: readonly string[] = [
  "null",
  "true",
  "0",
  "-1",
  "1e400",
  "-0",
  "0.5",
  "9007199254740993",
  '""',
  '"x"',
  "[]",
  "{}",
  "[[]]",
  "[{},{}]",
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":1}}',
  '{"$integer":"AA=="}',
  '{"$integer":1}',
  '{"$bytes":"*"}',
  '{"$float":"AAAAAAAAAAA="}',
  '{"$undefined":null}',
  '{"$commitTs":null}',
  '{"$set":[]}',
  '{"a\\u0000b":1}',
  '{"":1}',
  '"\\ud800"',
  '"\\u0000"',
  "nul",
  '"',
  "{",
  '{"a":',
  "\u{fffd}",
  "",
  nested(100, "[", "]"),
  nested(10_000, "[", "]"),
  nested(10_000, '{"a":', "}"),
  JSON.stringify("x".repeat(70_000)),
  JSON.stringify("messages:" + "a:".repeat(20_000)),
  '"_system/cli/modules:apiSpec"',
  '"messages:send:more"',
  '"../../etc/passwd"',
];

/** Fields of every message, as texts, with what a client would put there. */
const MESSAGES: readonly Readonly<Record<string, string>>[] = [
  {
    type: '"Connect"',
    sessionId: '"00000000-0000-4000-8000-000000000000"',
    connectionCount: "0",
    lastCloseReason: '"InitialConnect"',
    maxObservedTimestamp: '"AAAAAAAAAAA="',
    clientTs: "1795219200000",
  },
  { type: '"Authenticate"', baseVersion: "0", tokenType: '"User"', value: '"a.b.c"' },
  {
    type: '"Authenticate"',
    baseVersion: "0",
    tokenType: '"Admin"',
    value: '"a|b"',
    acting_as: "{}",
  },
  { type: '"Authenticate"', baseVersion: "0", tokenType: '"None"' },
  {
    type: '"ModifyQuerySet"',
    baseVersion: "0",
    newVersion: "1",
    modifications:
      '[{"type":"Add","queryId":0,"udfPath":"messages:texts","args":[{"room":"fuzz"}],"journal":null}]',
  },
  {
    type: '"ModifyQuerySet"',
    baseVersion: "1",
    newVersion: "2",
    modifications: '[{"type":"Remove","queryId":0}]',
  },
  {
    type: '"Mutation"',
    requestId: "0",
    udfPath: '"messages:send"',
    args: '[{"room":"fuzz","text":"x"}]',
  },
  { type: '"Mutation"', requestId: "1", udfPath: '"messages:refuse"', args: "[{}]" },
  { type: '"Action"', requestId: "2", udfPath: '"messages:echo"', args: '[{"value":1}]' },
  { type: '"Event"', eventType: '"ClientConnect"', event: "{}" },
];

const ADDITION = {
  type: '"Add"',
  queryId: "1",
  udfPath: '"messages:texts"',
  args: '[{"room":"fuzz"}]',
  journal: '"x"',
};

const textOf = (fields: Readonly<Record<string, string>>) =>
  `{${Object.entries(fields)
    .map(([name, value]) => `${JSON.stringify(name)}:${value}`)
    .join(",")}}`;

const strange = fc.constantFrom(...STRANGE);

/** A message of which up to three fields are missing or something else. */
function spoiled(message: Readonly<Record<string, string>>): fc.Arbitrary<string> {
  const change = fc.record({
    field: fc.constantFrom(...Object.keys(message), "componentPath", "impersonating", "__proto__"),
    value: fc.option(strange),
  });
  return fc.array(change, { maxLength: 3 }).map((changes) => {
    const fields = { ...message };
    for (const { field, value } of changes) {
      if (value === null) delete fields[field];
      else Object.defineProperty(fields, field, { value, enumerable: true, configurable: true });
    }
    return textOf(fields);
  });
}

const message = fc.oneof(
  ...MESSAGES.map(spoiled),
  spoiled(ADDITION).map((addition) => textOf({ ...MESSAGES[4], modifications: `[${addition}]` })),
);

const connect = fc.constant(() => textOf({ ...MESSAGES[0], sessionId: `"${randomUUID()}"` }));

const truncated = fc
  .tuple(message, fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([text, share]) => text.slice(0, Math.floor(text.length * share)));

const noise: fc.Arbitrary<string | Uint8Array> = fc.oneof(
  fc.string(),
  fc.json(),
  fc.uint8Array({ maxLength: 200 }),
  strange,
);

/** What one connection sends, in order. A frame as a function is made anew each time it is sent. */
export type Frame = string | Uint8Array | (() => string);

/** Good beginnings with bad ends, bad beginnings, replays and frames out of order. */
export const conversation: fc.Arbitrary<Frame[]> = fc
  .tuple(
    fc.boolean(),
    fc.array(fc.oneof({ arbitrary: message, weight: 6 }, truncated, noise), { maxLength: 6 }),
    fc.boolean(),
    connect,
  )
  .map(([isConnected, frames, isReplayed, hello]) =>
    [isConnected ? [hello] : [], frames, isReplayed ? frames : []].flat(),
  );

const PATHS = [
  ..."/api/query /api/mutation /api/action /api/function /api/query_ts /api/query_at_ts".split(" "),
  ..."/api/query_batch /api/run/messages/send /api/run/%ff /api/update_environment_variables".split(
    " ",
  ),
  ..."/api/deploy2/start_push /api/storage/upload /api/storage/x /http/echo /http/%00 / /%2e%2e/".split(
    " ",
  ),
  "/api/query?path=messages:texts&args=%7B&format=json",
  `/api/query?path=messages:texts&args=${encodeURIComponent(nested(500, "[", "]"))}`,
];

const CALL = {
  path: '"messages:send"',
  args: '{"room":"fuzz","text":"x"}',
  format: '"convex_encoded_json"',
  queries: '[{"path":"messages:texts","args":{"room":"fuzz"}}]',
};

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request to the HTTP interface that is wrong in some way, or in none. */
export const request: fc.Arbitrary<Asked> = fc
  .record({
    method: fc.constantFrom("POST", "POST", "POST", "GET", "PUT", "OPTIONS", "HEAD"),
    path: fc.constantFrom(...PATHS),
    type: fc.constantFrom("application/json", "application/json; charset=x", "text/plain"),
    encoding: fc.option(fc.constantFrom("gzip", "br", "deflate"), { freq: 6 }),
    authorization: fc.option(
      fc.constantFrom(
        "Bearer a.b.c",
        "Bearer ",
        "Convex a|b:e30=",
        `Convex ${":".repeat(5_000)}`,
        "Basic x",
      ),
      { freq: 3 },
    ),
    body: fc.oneof({ arbitrary: spoiled(CALL), weight: 4 }, strange, fc.json()),
  })
  .map(({ method, path, type, encoding, authorization, body }) => ({
    method,
    path,
    headers: {
      "Content-Type": type,
      ...(encoding === null ? {} : { "Content-Encoding": encoding }),
      ...(authorization === null ? {} : { Authorization: authorization }),
    },
    // Node's client frames the bodies of no other methods, and would send a second request.
    body: method === "POST" || method === "PUT" ? body : "",
  }));
