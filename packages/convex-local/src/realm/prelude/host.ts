import type { RealmHost } from "../host.ts";

const scope = globalThis as { __host?: RealmHost };

export const host = scope.__host as RealmHost;
delete scope.__host;

/** Calls the host so that what it throws is an error of this realm. */
export function ask<T>(question: () => T): T {
  try {
    return question();
  } catch (error) {
    const { name, message } = error as Error;
    throw name === "TypeError" || name === "RangeError"
      ? new TypeError(message)
      : new Error(message);
  }
}

/** The text that web functions take an argument for; made here, so that a failure is an error of this realm. */
export function textOf(value: unknown): string {
  return "".concat(value as string);
}

/** Defines a global as the web platform does: writable, configurable, not enumerable. */
export function define(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
}

/** The bytes of what web functions take as data, without copying. */
export function bytesOf(data: unknown): Uint8Array {
  if (ArrayBuffer.isView(data))
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  throw new TypeError("Expected an ArrayBuffer or a view of one.");
}
