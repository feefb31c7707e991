import { encodeTimestamp } from "../wire/timestamp.ts";

/** How far one connection's view has come. Each part only grows; a transition leads from one to the next. */
export interface Version {
  readonly querySet: number;
  readonly identity: number;
  readonly ts: bigint;
}

export const START: Version = { querySet: 0, identity: 0, ts: 0n };

/** The text of a Transition. `modifications` are JSON texts already, since one answer goes to many sockets. */
export function transitionText(transition: {
  readonly from: Version;
  readonly to: Version;
  readonly modifications: readonly string[];
  /** How far ahead the client's clock was when it connected, in milliseconds. */
  readonly clientClockSkew: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}): string {
  const { from, to, modifications, clientClockSkew, now } = transition;
  const envelope = {
    type: "Transition",
    startVersion: encode(from),
    endVersion: encode(to),
    clientClockSkew,
    serverTs: Math.round(now * 1e6),
  };
  return `${JSON.stringify(envelope).slice(0, -1)},"modifications":[${modifications.join(",")}]}`;
}

function encode({ querySet, identity, ts }: Version) {
  return { querySet, identity, ts: encodeTimestamp(ts) };
}
