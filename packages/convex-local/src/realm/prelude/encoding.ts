import { ask, bytesOf, define, host, textOf } from "./host.ts";

class RealmTextEncoder {
  readonly encoding = "utf-8";

  encode(text: unknown = ""): Uint8Array {
    return new Uint8Array(host.utf8(textOf(text)));
  }

  encodeInto(text: unknown, target: Uint8Array): { read: number; written: number } {
    let read = 0;
    let written = 0;
    for (const character of textOf(text)) {
      const bytes = host.utf8(character);
      if (written + bytes.length > target.length) break;
      target.set(bytes, written);
      written += bytes.length;
      read += character.length;
    }
    return { read, written };
  }
}

class RealmTextDecoder {
  readonly encoding: string;
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;

  constructor(encoding = "utf-8", options: { fatal?: boolean; ignoreBOM?: boolean } = {}) {
    this.encoding = encoding.toLowerCase();
    this.fatal = options.fatal ?? false;
    this.ignoreBOM = options.ignoreBOM ?? false;
  }

  decode(data?: unknown, options?: { stream?: boolean }): string {
    if (options?.stream)
      throw new Error("TextDecoder cannot decode a stream in queries and mutations.");
    const bytes = data === undefined ? new Uint8Array() : bytesOf(data);
    return ask(() => host.decode(bytes, this.encoding, this.fatal, this.ignoreBOM));
  }
}

define("TextEncoder", RealmTextEncoder);
define("TextDecoder", RealmTextDecoder);
define("atob", (text: unknown) => ask(() => host.atob(textOf(text))));
define("btoa", (text: unknown) => ask(() => host.btoa(textOf(text))));
define("queueMicrotask", (run: () => void) => {
  void Promise.resolve().then(run);
});
