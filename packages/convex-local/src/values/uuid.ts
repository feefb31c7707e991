/** A random UUID (version 4) of these 16 bytes. */
export function uuid(random: Uint8Array): `${string}-${string}-${string}-${string}-${string}` {
  const bytes = Buffer.from(random);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const part = (from: number, to: number) => bytes.toString("hex", from, to);
  return `${part(0, 4)}-${part(4, 6)}-${part(6, 8)}-${part(8, 10)}-${part(10, 16)}`;
}
