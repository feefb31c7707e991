/** What the host offers inside a realm. Only text, numbers and byte arrays cross over: foreign objects would fail the SDK's checks. */
export interface RealmHost {
  /** What to run next; read once per run. */
  call(): RealmCall;
  /** Environment variables as JSON. */
  readonly environment: string;
  /** `+` and the result's JSON, or `-` and `{message, data?}`. Serves the SDK's synchronous and asynchronous calls alike. */
  syscall(operation: string, args: string): string;
  log(level: string, parts: readonly unknown[]): void;
  /** The run is over: the result's text, or a `Thrown` as JSON. */
  settle(isSuccess: boolean, text: string): void;
  now(): number;
  random(): number;
  randomBytes(length: number): Uint8Array;
  utf8(text: string): Uint8Array;
  decode(bytes: Uint8Array, encoding: string, isFatal: boolean, ignoreBom: boolean): string;
  atob(text: string): string;
  btoa(text: string): string;
  url(text: string, base: string | undefined): URL;
  urlParameters(text: string): URLSearchParams;
  digest(algorithm: string, data: Uint8Array): Uint8Array;
  hmac(hash: string, key: Uint8Array, data: Uint8Array): Uint8Array;
  verify(request: VerifyRequest, signature: Uint8Array, data: Uint8Array): boolean;
}

export type RealmCall =
  | { readonly kind: "analyze" }
  | {
      readonly kind: "query" | "mutation";
      readonly module: string;
      readonly export: string;
      /** A one-element array as JSON. */
      readonly args: string;
    };

/** A public key as text (JWK as JSON, else base64 of spki) and how it is used. */
export interface VerifyRequest {
  readonly algorithm: "RSASSA-PKCS1-v1_5" | "RSA-PSS" | "ECDSA" | "Ed25519";
  readonly hash: string | undefined;
  readonly saltLength: number | undefined;
  readonly format: "jwk" | "spki";
  readonly key: string;
}

/** An exception that left a function. `data` is present for a ConvexError: Convex JSON as text. */
export interface Thrown {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly data?: string;
}
