import type { Incoming } from "./exchange.ts";
import { createBrotliDecompress, createGunzip } from "node:zlib";
import type { Readable } from "node:stream";
import { HttpError } from "./reply.ts";

/** Largest request body, before and after decompression. */
const LARGEST_BODY = 20 * 1024 * 1024;

/** Reads a whole request body, decompressed. Rejects with HttpError 413 (too large) or 400 (broken). */
export async function readBody(request: Incoming): Promise<Buffer> {
  if (Number(request.headers["content-length"] ?? 0) > LARGEST_BODY) throw tooLarge();
  const stream = decompress(request);
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    // A refused body does not destroy the request: the answer still has to get out on its connection.
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
      const bytes = chunk as Buffer;
      length += bytes.byteLength;
      if (length > LARGEST_BODY) throw tooLarge();
      chunks.push(bytes);
    }
  } catch (cause) {
    if (cause instanceof HttpError) throw cause;
    throw new HttpError(400, "BadBody", "The request body could not be read.");
  }
  return Buffer.concat(chunks);
}

/** Reads a JSON object. Rejects with HttpError; an empty body counts as `{}`. */
export async function readJson(request: Incoming): Promise<{ readonly [key: string]: unknown }> {
  const text = (await readBody(request)).toString("utf8");
  let value: unknown;
  try {
    value = text === "" ? {} : JSON.parse(text);
  } catch {
    throw new HttpError(400, "BadJson", "The request body is not JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new HttpError(400, "BadJson", "The request body is not a JSON object.");
  }
  return value as { readonly [key: string]: unknown };
}

function decompress(request: Incoming): Readable {
  const encoding = request.headers["content-encoding"];
  if (encoding === undefined || encoding === "identity") return request;
  if (encoding !== "br" && encoding !== "gzip") {
    throw new HttpError(400, "BadEncoding", "The request body's encoding is not supported.");
  }
  const inflate = encoding === "br" ? createBrotliDecompress() : createGunzip();
  request.on("error", (cause) => inflate.destroy(cause));
  return request.pipe(inflate);
}

function tooLarge(): HttpError {
  return new HttpError(413, "BodyTooLarge", "The request body is larger than 20 MiB.");
}
