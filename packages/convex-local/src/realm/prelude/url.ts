import { ask, define, host, textOf } from "./host.ts";

type Init =
  | string
  | Iterable<[string, string]>
  | Record<string, string>
  | RealmUrlParameters
  | undefined;

class RealmUrlParameters {
  readonly #host: URLSearchParams;

  constructor(init?: Init, own?: URLSearchParams) {
    this.#host = own ?? host.urlParameters(typeof init === "string" ? init : "");
    if (init === undefined || typeof init === "string") return;
    const pairs =
      Symbol.iterator in init ? (init as Iterable<[string, string]>) : Object.entries(init);
    for (const [name, value] of pairs) this.append(name, value);
  }

  get size(): number {
    return this.#host.size;
  }
  get(name: unknown): string | null {
    return this.#host.get(textOf(name));
  }
  getAll(name: unknown): string[] {
    return Array.from(this.#host.getAll(textOf(name)));
  }
  has(name: unknown, value?: unknown): boolean {
    return value === undefined
      ? this.#host.has(textOf(name))
      : this.#host.has(textOf(name), textOf(value));
  }
  set(name: unknown, value: unknown): void {
    this.#host.set(textOf(name), textOf(value));
  }
  append(name: unknown, value: unknown): void {
    this.#host.append(textOf(name), textOf(value));
  }
  delete(name: unknown, value?: unknown): void {
    if (value === undefined) this.#host.delete(textOf(name));
    else this.#host.delete(textOf(name), textOf(value));
  }
  sort(): void {
    this.#host.sort();
  }
  toString(): string {
    return this.#host.toString();
  }
  forEach(visit: (value: string, name: string, self: this) => void): void {
    for (const [name, value] of this.entries()) visit(value, name, this);
  }
  entries(): IterableIterator<[string, string]> {
    return Array.from(this.#host, ([name, value]): [string, string] => [name, value]).values();
  }
  keys(): IterableIterator<string> {
    return Array.from(this.#host.keys()).values();
  }
  values(): IterableIterator<string> {
    return Array.from(this.#host.values()).values();
  }
  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries();
  }
}

const PARTS = [
  "href",
  "protocol",
  "username",
  "password",
  "host",
  "hostname",
  "port",
  "pathname",
  "search",
  "hash",
] as const;

class RealmUrl {
  readonly #host: URL;
  readonly searchParams: RealmUrlParameters;

  constructor(text: string | RealmUrl, base?: string | RealmUrl) {
    this.#host = ask(() => host.url(text.toString(), base?.toString()));
    this.searchParams = new RealmUrlParameters(undefined, this.#host.searchParams);
  }

  static {
    for (const part of PARTS) {
      Object.defineProperty(this.prototype, part, {
        get(this: RealmUrl) {
          return this.#host[part];
        },
        set(this: RealmUrl, value: unknown) {
          ask(() => (this.#host[part] = textOf(value)));
        },
        configurable: true,
        enumerable: true,
      });
    }
  }

  static canParse(text: string, base?: string): boolean {
    return RealmUrl.parse(text, base) !== null;
  }
  static parse(text: string, base?: string): RealmUrl | null {
    try {
      return new RealmUrl(text, base);
    } catch {
      return null;
    }
  }
  get origin(): string {
    return this.#host.origin;
  }
  toString(): string {
    return this.#host.href;
  }
  toJSON(): string {
    return this.#host.href;
  }
}

define("URL", RealmUrl);
define("URLSearchParams", RealmUrlParameters);
