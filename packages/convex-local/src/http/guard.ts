import type { Incoming } from "./exchange.ts";

/** Why a request is turned away before anything else looks at it. */
export interface Refusal {
  readonly status: 403;
  readonly code: "HostNotAllowed" | "OriginNotAllowed";
  readonly message: string;
}

const LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Decides who may talk to the server at all, by Host (against DNS rebinding) and Origin (against other
 * pages in the user's browser). It knows nothing of tokens: a caller with neither passes as nobody.
 */
export class Guard {
  readonly #configuredHosts: ReadonlySet<string>;
  readonly #configuredOrigins: ReadonlySet<string>;
  readonly #hosts = new Set<string>();
  readonly #origins = new Set<string>();

  /** `allowedHosts` are names, with or without a port; `allowedOrigins` are full origins (`http://localhost:5173`). */
  constructor(allowedHosts: readonly string[], allowedOrigins: readonly string[]) {
    this.#configuredHosts = new Set(allowedHosts.map((host) => host.toLowerCase()));
    this.#configuredOrigins = new Set(allowedOrigins.map((origin) => new URL(origin).origin));
  }

  /** From now on the server's own names are allowed with these ports. Before, every request is refused. */
  open(ports: readonly number[]): void {
    for (const host of this.#configuredHosts) this.#hosts.add(host);
    for (const origin of this.#configuredOrigins) this.#origins.add(origin);
    for (const port of ports) {
      for (const name of [...LOOPBACK_NAMES, ...this.#configuredHosts]) {
        this.#hosts.add(`${name}:${port}`);
      }
      for (const name of LOOPBACK_NAMES) {
        this.#origins.add(new URL(`http://${name}:${port}`).origin);
        if (port === 80) this.#hosts.add(name);
      }
    }
  }

  /** Null when the request may pass. Holds for every route, and for upgrades before they happen. */
  refuse(request: Incoming): Refusal | null {
    if (!this.#isOurHost(request)) {
      return {
        status: 403,
        code: "HostNotAllowed",
        message: "This server does not answer to that host name.",
      };
    }
    if (this.#isForeign(request)) {
      return {
        status: 403,
        code: "OriginNotAllowed",
        message: "Pages of other origins may not use this server.",
      };
    }
    return null;
  }

  #isOurHost(request: Incoming): boolean {
    const hosts = request.rawHeaders.filter(
      (name, at) => at % 2 === 0 && name.toLowerCase() === "host",
    );
    const host = request.headers.host?.toLowerCase();
    // A second Host header, or a full URL in the request line, would let two readers disagree on the host.
    return (
      hosts.length === 1 &&
      host !== undefined &&
      this.#hosts.has(host) &&
      request.url?.startsWith("/") === true
    );
  }

  #isForeign({ headers, method }: Incoming): boolean {
    if (headers.origin !== undefined) return !this.#origins.has(headers.origin);
    // Browsers leave Origin out of <img>, <script> and links. A link may open a page of ours; the rest may not
    // read or trigger anything. Programs that are not browsers send none of these headers.
    const site = headers["sec-fetch-site"];
    const fromElsewhere = site === "cross-site" || site === "same-site";
    const opensPage = headers["sec-fetch-mode"] === "navigate" && method === "GET";
    return fromElsewhere && !opensPage;
  }
}

/** The content types that any page may POST without asking; a JSON interface has no use for them. */
const SIMPLE_TYPES = new Set([
  "text/plain",
  "multipart/form-data",
  "application/x-www-form-urlencoded",
]);

/** Whether a browser would send this POST to another origin without a preflight. */
export function isSimplePost({ method, headers }: Incoming): boolean {
  const type = headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  return method === "POST" && (type === undefined || SIMPLE_TYPES.has(type));
}
