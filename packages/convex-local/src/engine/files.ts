import { createHmac, timingSafeEqual } from "node:crypto";
import type { JSONValue } from "convex/values";
import type { ByteRange, FileStore, Received } from "../storage/file-store.ts";
import type { Store } from "../storage/store.ts";
import { encodeKey, endOfPrefix } from "../values/key.ts";
import { uuid } from "../values/uuid.ts";
import { type Catalog, FILES, STORAGE } from "./catalog.ts";
import type { Clock, RandomSource } from "./clock.ts";
import type { Committer } from "./committer.ts";
import type { StoredFile, Upload, Uploaded } from "./engine.ts";
import { DeveloperError } from "./failure.ts";
import type { Transaction } from "./transaction.ts";

const TOKEN_LASTS = 60 * 60 * 1000;

/** A row of `_storage`. */
interface FileDocument {
  readonly _id: string;
  /** Base64. */
  readonly sha256: string;
  readonly size: number;
  readonly contentType?: string;
}

/** A row of `_files`: under which key the bytes lie. Whoever knows the key can read them, so it is no field of `_storage`. */
interface Place {
  readonly _id: string;
  readonly storageId: string;
  readonly key: string;
}

export interface FilesParts {
  readonly store: Store;
  readonly catalog: Catalog;
  readonly committer: Pick<Committer, "submit">;
  readonly bytes: FileStore;
  readonly secret: Uint8Array;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Where clients reach this deployment, without a slash at the end. */
  readonly baseUrl: () => string;
}

/**
 * File storage. Bytes are on disk before a row says so, and a row is gone before its bytes are: a crash in between leaves bytes that
 * nobody refers to, which the next start removes.
 */
export class Files {
  readonly #parts: FilesParts;

  constructor(parts: FilesParts) {
    this.#parts = parts;
  }

  /** Where anybody may POST one file within the hour. */
  uploadUrl(): string {
    const { clock, random, baseUrl } = this.#parts;
    const claim = `${clock.now() + TOKEN_LASTS}-${Buffer.from(random.bytes(12)).toString("hex")}`;
    return `${baseUrl()}/api/storage/upload?token=${claim}-${this.#seal(claim).toString("hex")}`;
  }

  /** Takes an upload whose token is good. Rejects with FileTooLarge, or when storage or the sender failed. */
  async receive({ token, contentType, digest, body }: Upload): Promise<Uploaded> {
    if (!this.#isGood(token)) return { refused: "token" };
    return await this.#keep(body, contentType, digest);
  }

  /** For actions: what `ctx.storage.store(blob)` does. Rejects with a DeveloperError when the digest is another. */
  async storeBlob(blob: Blob, digest: string | undefined): Promise<string> {
    const wanted = digest === undefined ? null : digestOf(digest);
    const kept = await this.#keep(blob.stream(), blob.type === "" ? null : blob.type, wanted);
    if ("storageId" in kept) return kept.storageId;
    throw new DeveloperError(WRONG_DIGEST);
  }

  /** For mutations: the file is kept if, and only if, the transaction is. Answers its id. */
  storeWithin(
    transaction: Transaction,
    file: { base64: string; contentType: string; digest?: string },
  ): string {
    const { bytes, random } = this.#parts;
    const content = Buffer.from(file.base64, "base64");
    transaction.usage.add("filesWritten", 1);
    transaction.usage.add("fileWriteBytes", content.length);
    const key = uuid(random.bytes(16));
    const received = bytes.write(key, content);
    transaction.onUndo(() => bytes.remove(key));
    if (file.digest !== undefined && !received.digest.equals(digestOf(file.digest))) {
      bytes.remove(key);
      throw new DeveloperError(WRONG_DIGEST);
    }
    return add(transaction, key, received, file.contentType === "" ? null : file.contentType);
  }

  /** For mutations. */
  readWithin(transaction: Transaction, storageId: string): JSONValue {
    const document = this.#document(transaction, storageId);
    const place = this.#place(storageId);
    if (document === null || place === undefined) return null;
    transaction.usage.add("filesRead", 1);
    transaction.usage.add("fileReadBytes", document.size);
    const blob = this.#parts.bytes.readWhole(place.key).toString("base64");
    return { blob, contentType: document.contentType ?? null };
  }

  /** For actions. Null for an id of no file. */
  async blob(storageId: string): Promise<Blob | null> {
    const place = this.#place(storageId);
    const file = place === undefined ? undefined : this.find(place.key);
    if (file === undefined) return null;
    const chunks = (await file.open().toArray()) as Uint8Array<ArrayBuffer>[];
    return new Blob(chunks, { type: file.contentType ?? "" });
  }

  /** What lies under a key of a URL. */
  find(key: string): StoredFile | undefined {
    const { store, bytes } = this.#parts;
    const place = this.#rows<Place>(FILES, "by_key", key)[0];
    const id = place === undefined ? undefined : this.#index(STORAGE, "by_id");
    const row = id === undefined ? undefined : store.find(id, encodeKey([place?.storageId ?? ""]));
    if (row === undefined) return undefined;
    const { size, sha256, contentType = null } = JSON.parse(row.value) as FileDocument;
    return { size, sha256, contentType, open: (range?: ByteRange) => bytes.read(key, range) };
  }

  url(transaction: Transaction, storageId: string): string | null {
    if (this.#document(transaction, storageId) === null) return null;
    const place = this.#place(storageId);
    return place === undefined ? null : `${this.#parts.baseUrl()}/api/storage/${place.key}`;
  }

  metadata(transaction: Transaction, storageId: string): JSONValue {
    const document = this.#document(transaction, storageId);
    const place = this.#place(storageId);
    if (document === null || place === undefined) return null;
    const { sha256, size, contentType = null } = document;
    const hex = Buffer.from(sha256, "base64").toString("hex");
    return { storageId: place.key, sha256: hex, size, contentType };
  }

  /** The bytes go when the deletion is durable. */
  remove(transaction: Transaction, storageId: string): void {
    const place = this.#place(storageId);
    if (this.#document(transaction, storageId) === null || place === undefined) {
      throw new DeveloperError(`There is no stored file with the id ${storageId}.`);
    }
    transaction.remove(storageId);
    transaction.remove(place._id);
    transaction.afterCommit(() => this.#parts.bytes.remove(place.key));
  }

  /** Removes the bytes that no row refers to. Before anything else runs. */
  sweep(): void {
    const places = this.#rows<Place>(FILES, "by_key");
    this.#parts.bytes.sweep(new Set(places.map(({ key }) => key)));
  }

  async #keep(
    body: AsyncIterable<Uint8Array>,
    contentType: string | null,
    digest: Uint8Array | null,
  ): Promise<Uploaded> {
    const { bytes, random, committer } = this.#parts;
    const key = uuid(random.bytes(16));
    const received = await bytes.receive(key, body);
    if (digest !== null && !received.digest.equals(digest)) {
      bytes.remove(key);
      return { refused: "digest" };
    }
    try {
      const { value } = await committer.submit((transaction) =>
        add(transaction, key, received, contentType),
      );
      return { storageId: value };
    } catch (error) {
      bytes.remove(key);
      throw error;
    }
  }

  #isGood(token: string): boolean {
    const [expiry = "", nonce = "", seal = "", ...more] = token.split("-");
    if (more.length > 0 || !HEX.test(seal)) return false;
    const isOurs = timingSafeEqual(this.#seal(`${expiry}-${nonce}`), Buffer.from(seal, "hex"));
    return isOurs && this.#parts.clock.now() < Number(expiry);
  }

  #seal(claim: string): Buffer {
    return createHmac("sha256", this.#parts.secret).update(`upload ${claim}`).digest();
  }

  /** Records the read, so that a query that showed a file's URL learns of its deletion. */
  #document(transaction: Transaction, storageId: string): FileDocument | null {
    if (!this.#parts.catalog.isIdOf(STORAGE, storageId)) {
      throw new DeveloperError(`Invalid storage id: ${storageId}`);
    }
    return transaction.get(storageId) as unknown as FileDocument | null;
  }

  #place(storageId: string): Place | undefined {
    return this.#rows<Place>(FILES, "by_storage", storageId)[0];
  }

  #rows<T>(table: string, index: string, value?: string): T[] {
    const id = this.#index(table, index);
    if (id === undefined) return [];
    const from = encodeKey(value === undefined ? [] : [value]);
    const rows = this.#parts.store.scan(
      id,
      from,
      endOfPrefix(from),
      "asc",
      Number.MAX_SAFE_INTEGER,
    );
    return rows.map((row) => JSON.parse(row.value) as T);
  }

  #index(table: string, name: string): number | undefined {
    return this.#parts.catalog.table(table)?.indexes.get(name)?.id;
  }
}

const HEX = /^[0-9a-f]{64}$/;
const WRONG_DIGEST = "The sha256 of the file is not the one that was given.";

/** Of hex or base64, both of which are in use. */
function digestOf(text: string): Buffer {
  return Buffer.from(text, HEX.test(text) ? "hex" : "base64");
}

function add(
  transaction: Transaction,
  key: string,
  { size, digest }: Received,
  contentType: string | null,
): string {
  const storageId = transaction.insert(STORAGE, {
    sha256: digest.toString("base64"),
    size,
    ...(contentType === null ? {} : { contentType }),
  });
  transaction.insert(FILES, { storageId, key });
  return storageId;
}
