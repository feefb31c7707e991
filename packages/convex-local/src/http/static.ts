import { readFile, realpath, stat } from "node:fs/promises";
import type { Incoming } from "./exchange.ts";
import { extname, join, sep } from "node:path";
import type { Reply } from "./reply.ts";
import { HttpError } from "./reply.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".webmanifest": "application/manifest+json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".webp": "image/webp",
  ".gif": "image/gif",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".woff": "font/woff",
  ".wasm": "application/wasm",
  ".txt": "text/plain; charset=utf-8",
};

/** A name that contains its content's hash, as bundlers write them (`index-BX2f9_aZ.js`). */
const HASHED = /[.-][\w-]{8,}\.[a-z0-9]+$/i;

/** A page of ours may load only our own things, may talk only to us, and may not be framed. */
function contentSecurityPolicy(host: string, siteUrl: string): string {
  return [
    "default-src 'self'",
    `connect-src 'self' ws://${host} ${siteUrl}`,
    "img-src 'self' data: blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** Files of one directory, as a single-page app: a path that names no file is answered with index.html. */
export class StaticFiles {
  readonly #root: string;
  readonly #siteUrl: string;

  constructor(root: string, siteUrl: string) {
    this.#root = root;
    this.#siteUrl = siteUrl;
  }

  /** Rejects with HttpError: 405 for other methods than GET and HEAD, 404 for a missing asset. */
  async serve(request: Incoming): Promise<Reply> {
    if (request.method !== "GET" && request.method !== "HEAD") {
      throw new HttpError(405, "MethodNotAllowed", "Only GET and HEAD work here.");
    }
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const found = (await this.#find(pathname)) ?? (await this.#page(pathname));
    return {
      status: 200,
      headers: {
        "Content-Type": TYPES[extname(found).toLowerCase()] ?? "application/octet-stream",
        "Cache-Control": cachingOf(found),
        "Content-Security-Policy": contentSecurityPolicy(request.headers.host ?? "", this.#siteUrl),
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
      },
      body: await readFile(found),
    };
  }

  /** The file that the path names, if it is one and lies in the directory after following links. */
  async #find(pathname: string): Promise<string | null> {
    let path: string;
    try {
      path = decodeURIComponent(pathname);
    } catch {
      throw new HttpError(400, "BadPath", "The path is not valid.");
    }
    if (path.includes("\0")) throw new HttpError(400, "BadPath", "The path is not valid.");
    try {
      const root = await realpath(this.#root);
      const file = await realpath(join(root, path));
      return file.startsWith(root + sep) && (await stat(file)).isFile() ? file : null;
    } catch {
      return null;
    }
  }

  /** A route of the app gets its page; a missing asset stays missing, so that a stale page notices. */
  async #page(pathname: string): Promise<string> {
    const page = extname(pathname) === "" ? await this.#find("/index.html") : null;
    if (page === null) throw new HttpError(404, "NotFound", "There is no such file.");
    return page;
  }
}

function cachingOf(file: string): string {
  return HASHED.test(file) && !file.endsWith(".html")
    ? "public, max-age=31536000, immutable"
    : "no-cache";
}
