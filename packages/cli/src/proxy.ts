/** Under which names programs look for a proxy. */
export const PROXIES = [
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "ALL_PROXY",
  "http_proxy",
  "https_proxy",
  "all_proxy",
] as const;

/** What is reached without one; some programs read the one list, some the other, and most prefer the one that they find. */
export const NO_PROXIES = ["NO_PROXY", "no_proxy"] as const;

const LOOPBACK = ["127.0.0.1", "localhost"];

/**
 * What an environment needs besides, so that its programs reach this computer without its proxy; nothing when it has none. Node
 * itself asks a proxy only when NODE_USE_ENV_PROXY or NODE_OPTIONS say so, and looks at these lists at each call.
 */
export function pastProxy(env: NodeJS.ProcessEnv): Record<string, string> {
  if (!PROXIES.some((name) => (env[name] ?? "") !== "")) return {};
  const found = NO_PROXIES.filter((name) => env[name] !== undefined);
  const names = found.length === 0 ? (["NO_PROXY"] as const) : found;
  return Object.fromEntries(names.map((name) => [name, withLoopback(env[name] ?? "")]));
}

function withLoopback(list: string): string {
  const hosts = list.split(/[\s,]+/).filter((host) => host !== "");
  if (hosts.includes("*")) return list;
  return [...hosts, ...LOOPBACK.filter((host) => !hosts.includes(host))].join(",");
}
