/**
 * Document ids in Convex's own format, so that exports, URLs and stored references survive a move to Convex Cloud:
 * VInt(table number) ‖ 16 bytes ‖ Fletcher-16 of what stands before, in lower-case base32 without i, l, o, u.
 */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const NO_DIGIT = 0xff;
const DIGITS = new Uint8Array(128).fill(NO_DIGIT);
for (let digit = 0; digit < ALPHABET.length; digit++) DIGITS[ALPHABET.charCodeAt(digit)] = digit;
const INTERNAL_BYTES = 16;
const DAY = 24 * 60 * 60 * 1000;

/** The number of the first table that an app defines, and of the first system table. */
export const FIRST_USER_TABLE = 10_001;
export const FIRST_SYSTEM_TABLE = 513;

/** A new internal id: 14 random bytes, then the day, so that ids of one day share their end and none can be guessed. */
export function newInternalId(random: Uint8Array, now: number): Uint8Array {
  const day = Math.floor(now / DAY) & 0xffff;
  return Buffer.concat([random.subarray(0, INTERNAL_BYTES - 2), Buffer.of(day >> 8, day & 0xff)]);
}

export function encodeId(table: number, internal: Uint8Array): string {
  const body = Buffer.concat([vint(table), internal]);
  return base32(Buffer.concat([body, Buffer.from(sums(body))]));
}

/** Ids that were looked at lately, for one id is asked about many times: by validators, by reads and writes. */
const known = new Map<string, number>();
const MOST_KNOWN = 4_096;

/** The table number of a well-formed id in canonical form, else undefined. */
export function tableOfId(id: string): number | undefined {
  const before = known.get(id);
  if (before !== undefined) return before;
  const number = decodedTableOf(id);
  if (number === undefined) return undefined;
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(id, number);
  return number;
}

function decodedTableOf(id: string): number | undefined {
  if (id.length < 31 || id.length > 37) return undefined;
  const bytes = fromBase32(id);
  if (bytes === undefined) return undefined;
  const body = bytes.subarray(0, -2);
  const [first, second] = sums(body);
  if (bytes.at(-2) !== first || bytes.at(-1) !== second) return undefined;
  const number = readVint(body);
  if (number === undefined || body.length - number.length !== INTERNAL_BYTES) return undefined;
  return number.value;
}

function vint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}

/** At most five bytes, and none of them superfluous. */
function readVint(bytes: Uint8Array): { value: number; length: number } | undefined {
  let value = 0;
  for (let at = 0; at < 5 && at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * 0x80 ** at;
    if (byte < 0x80) {
      const canonical = value < 2 ** 32 && (at === 0 || byte !== 0);
      return canonical ? { value, length: at + 1 } : undefined;
    }
  }
  return undefined;
}

/** Fletcher-16, as its two bytes. */
function sums(bytes: Uint8Array): readonly [number, number] {
  let first = 0;
  let second = 0;
  for (let at = 0; at < bytes.length; at++) {
    first = (first + (bytes[at] ?? 0)) % 255;
    second = (second + first) % 255;
  }
  return [first, second];
}

function base32(bytes: Uint8Array): string {
  let text = "";
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(buffer >> bits) & 31];
    }
  }
  return bits === 0 ? text : text + ALPHABET[(buffer << (5 - bits)) & 31];
}

/** Undefined for a text that is not exactly what some bytes are written as. */
function fromBase32(text: string): Uint8Array | undefined {
  const length = (text.length * 5) >> 3;
  if (Math.ceil((length * 8) / 5) !== text.length) return undefined;
  const bytes = new Uint8Array(length);
  let buffer = 0;
  let bits = 0;
  let filled = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = DIGITS[text.charCodeAt(at)] ?? NO_DIGIT;
    if (digit === NO_DIGIT) return undefined;
    buffer = ((buffer << 5) | digit) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes[filled++] = buffer >> bits;
  }
  const padding = buffer & ((1 << bits) - 1);
  return padding === 0 ? bytes : undefined;
}
