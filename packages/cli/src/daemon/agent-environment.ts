import { delimiter, join } from "node:path";
import { NO_PROXIES, PROXIES, pastProxy } from "../proxy.ts";
import { AGENT_MARKER } from "./marker.ts";

/**
 * All that an agent inherits from its daemon. Nothing here can carry a secret of ours or make a program
 * load foreign code; a harness that needs a key finds it in its own configuration under HOME.
 */
const INHERITED = [
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "LANG",
  "LC_ALL",
  "LC_CTYPE",
  "TZ",
  "TERM",
  "TMPDIR",
  "XDG_CONFIG_HOME",
  "XDG_DATA_HOME",
  "XDG_CACHE_HOME",
  "XDG_STATE_HOME",
  "SSL_CERT_FILE",
  "NODE_EXTRA_CA_CERTS",
  "NODE_USE_ENV_PROXY",
  ...PROXIES,
  ...NO_PROXIES,
  "MUSTER_DEMO_PACE_MS",
];

/** The place that an agent is started for. */
export interface AgentPlace {
  /** Origin of the backend. */
  url: string;
  home: string;
  roomId: string;
  role: string;
  marker: string;
}

/** The whole environment of one agent: an allow-list, its place, and our own commands first on the path. */
export function agentEnvironment(
  own: NodeJS.ProcessEnv,
  place: AgentPlace,
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const name of INHERITED) {
    const value = own[name];
    if (value !== undefined) environment[name] = value;
  }
  const path = own["PATH"] ?? "/usr/local/bin:/usr/bin:/bin";
  return {
    ...environment,
    ...pastProxy(environment),
    NODE_COMPILE_CACHE: join(place.home, "cache"),
    PATH: `${join(place.home, "bin")}${delimiter}${path}`,
    MUSTER_URL: place.url,
    MUSTER_HOME: place.home,
    MUSTER_ROOM: place.roomId,
    MUSTER_ROLE: place.role,
    [AGENT_MARKER]: place.marker,
  };
}
