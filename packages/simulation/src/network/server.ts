/** The backend as the network sees it. */
export interface Server {
  /** Whether anything listens. */
  readonly isUp: boolean;
  /** Never rejects; null when the server died with the request in its hands. */
  answer(request: HttpRequest): Promise<HttpReply | null>;
  /** Takes a new sync connection. */
  accept(line: ServerLine): ServerEnd;
}

export interface HttpRequest {
  readonly from: string;
  readonly pid: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpReply {
  readonly status: number;
  readonly body: string;
}

/** What a server may do to a sync connection. */
export interface ServerLine {
  readonly path: string;
  send(text: string): void;
  close(code: number, reason: string): void;
  /** Cuts it off without a word. */
  terminate(): void;
  /** The other side's machine answers by itself, if it hears it. */
  ping(onPong: () => void): void;
}

/** What a server hears of a sync connection. */
export interface ServerEnd {
  message(text: string): void;
  closed(): void;
}
