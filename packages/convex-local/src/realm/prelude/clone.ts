import { define } from "./host.ts";

function clone(value: unknown, seen: Map<object, unknown>): unknown {
  if (typeof value === "function" || typeof value === "symbol") {
    throw new TypeError(`${String(value)} could not be cloned.`);
  }
  if (value === null || typeof value !== "object") return value;
  const known = seen.get(value);
  if (known !== undefined) return known;
  const keep = <T extends object>(copy: T): T => {
    seen.set(value, copy);
    return copy;
  };
  if (value instanceof Date) return keep(new Date(value.getTime()));
  if (value instanceof RegExp) return keep(new RegExp(value.source, value.flags));
  if (value instanceof ArrayBuffer) return keep(value.slice(0));
  if (ArrayBuffer.isView(value)) return keep(cloneView(value, seen));
  if (value instanceof Error)
    return keep(Object.assign(new Error(value.message), { name: value.name }));
  if (value instanceof Map) {
    const copy = keep(new Map());
    for (const [key, inner] of value) copy.set(clone(key, seen), clone(inner, seen));
    return copy;
  }
  if (value instanceof Set) {
    const copy = keep(new Set());
    for (const inner of value) copy.add(clone(inner, seen));
    return copy;
  }
  const copy = keep((Array.isArray(value) ? [] : {}) as Record<string, unknown>);
  for (const [key, inner] of Object.entries(value)) copy[key] = clone(inner, seen);
  return copy;
}

function cloneView(view: ArrayBufferView, seen: Map<object, unknown>): ArrayBufferView {
  const buffer = clone(view.buffer, seen) as ArrayBuffer;
  const View = view.constructor as new (
    b: ArrayBuffer,
    from: number,
    length: number,
  ) => ArrayBufferView;
  const length = "length" in view ? (view.length as number) : view.byteLength;
  return new View(buffer, view.byteOffset, length);
}

define("structuredClone", (value: unknown) => clone(value, new Map()));
