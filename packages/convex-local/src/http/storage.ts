import type { Incoming, Outgoing } from "./exchange.ts";
import { pipeline } from "node:stream/promises";
import type { FileTransfers } from "../engine/engine.ts";
import { FileTooLarge, LARGEST_FILE } from "../storage/file-store.ts";
import { errorReply, HttpError, jsonReply, send } from "./reply.ts";

const UPLOAD = "/api/storage/upload";
const FILE = /^\/api\/storage\/([0-9a-f-]{36})$/;

/** The file routes: uploads with a token that a function made, and downloads by a key that nobody can guess. */
export class StorageRoutes {
  readonly #files: FileTransfers;

  constructor(files: FileTransfers) {
    this.#files = files;
  }

  /** False when the path is none of these routes. Rejects with HttpError. */
  async answer(request: Incoming, response: Outgoing, url: URL): Promise<boolean> {
    const { method } = request;
    if (url.pathname === UPLOAD && method === "POST") {
      await this.#receive(request, response, url.searchParams.get("token") ?? "");
      return true;
    }
    const [, key] = FILE.exec(url.pathname) ?? [];
    if (key === undefined || (method !== "GET" && method !== "HEAD")) return false;
    await this.#serve(request, response, key);
    return true;
  }

  async #receive(request: Incoming, response: Outgoing, token: string): Promise<void> {
    const { headers } = request;
    if (Number(headers["content-length"] ?? 0) > LARGEST_FILE) throw tooLarge();
    const upload = {
      token,
      contentType: headers["content-type"] ?? null,
      digest: digestOf(request),
      body: request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>,
    };
    const uploaded = await this.#files.receive(upload).catch((cause: unknown) => {
      throw cause instanceof FileTooLarge ? tooLarge() : cause;
    });
    if ("storageId" in uploaded) send(response, jsonReply({ storageId: uploaded.storageId }));
    else if (uploaded.refused === "token") {
      throw new HttpError(401, "StorageTokenInvalid", "The upload URL is not valid, or no more.");
    } else {
      throw new HttpError(
        400,
        "DigestMismatch",
        "The file does not have the digest that was given.",
      );
    }
  }

  async #serve(request: Incoming, response: Outgoing, key: string): Promise<void> {
    const file = this.#files.find(key);
    if (file === undefined) throw new HttpError(404, "FileNotFound", "There is no such file.");
    const range = rangeOf(request, file.size);
    for (const [name, value] of Object.entries({
      ...(file.contentType === null ? {} : { "Content-Type": file.contentType }),
      "Accept-Ranges": "bytes",
      "Cache-Control": "private, max-age=2592000",
      // Somebody uploaded this, and it comes from the page's own origin: it may be looked at, not act.
      "Content-Security-Policy":
        "sandbox; default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'unsafe-inline'",
      Digest: `sha-256=${file.sha256}`,
    })) {
      response.setHeader(name, value);
    }
    response.setHeader("X-Content-Type-Options", "nosniff");
    if (range === "unsatisfiable") {
      response.setHeader("Content-Range", `bytes */${file.size}`);
      send(
        response,
        errorReply({ status: 416, code: "RangeNotSatisfiable", message: "The file is shorter." }),
      );
      return;
    }
    if (range === null) response.writeHead(200, { "Content-Length": file.size });
    else {
      const { first, last } = range;
      response.writeHead(206, {
        "Content-Length": last - first + 1,
        "Content-Range": `bytes ${first}-${last}/${file.size}`,
      });
    }
    if (request.method === "HEAD" || file.size === 0) response.end();
    else await pipeline(file.open(range ?? undefined), response);
  }
}

/** `Digest: sha-256=…`; other algorithms are not looked at. Throws HttpError. */
function digestOf({ headers }: Incoming): Buffer | null {
  const { digest } = headers;
  if (typeof digest !== "string") return null;
  const [, text] = /(?:^|,)\s*sha-256=([A-Za-z0-9+/]{43}=)\s*(?:,|$)/i.exec(digest) ?? [];
  if (text === undefined)
    throw new HttpError(400, "BadDigest", "Digest must be `sha-256=<base64>`.");
  return Buffer.from(text, "base64");
}

/** One range; a list of several, or what is no range of bytes, is answered with the whole file. */
function rangeOf({ headers }: Incoming, size: number) {
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? "") ?? [];
  if (from === "" && to === "") return null;
  const first = from === "" ? Math.max(size - Number(to), 0) : Number(from);
  const last = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1);
  return first > last ? "unsatisfiable" : { first, last };
}

function tooLarge(): HttpError {
  return new HttpError(413, "BodyTooLarge", "The file is larger than 1 GiB.");
}
