import type { api as Api } from "@muster/backend/api";

/**
 * The backend's functions by name. Only its types are known here: at run time a reference is its path, `rooms:list`, which the
 * clients take as it is. `anyApi` would say the same, and load all that functions are made of into every command.
 */
export const api = byName((module) => byName((name) => `${module}:${name}`)) as typeof Api;

function byName(value: (name: string) => unknown): unknown {
  return new Proxy({}, { get: (_, name) => value(String(name)) });
}
