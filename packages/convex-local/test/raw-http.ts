import { request } from "node:http";
import { connect } from "node:net";

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface RawRequest {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One HTTP request with exactly these headers; unlike fetch it lets a test set Host and Origin. */
export async function ask(url: string, options: RawRequest = {}): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return await new Promise((resolve, reject) => {
    const sent = request(
      {
        hostname,
        port,
        path: options.path ?? "/",
        method: options.method ?? "GET",
        headers: { Host: `${hostname}:${port}`, ...options.headers },
        agent: false,
      },
      (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (body += chunk));
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      },
    );
    sent.on("error", reject);
    sent.end(options.body);
  });
}

/** The first line of the answer to exactly these bytes. */
export async function speak(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return await new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let answer = "";
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => {
      answer += chunk;
      if (answer.includes("\r\n")) socket.destroy();
    });
    socket.on("close", () => resolve(answer.split("\r\n")[0] ?? ""));
    socket.on("error", reject);
  });
}

/** The status line that answers a WebSocket handshake with these headers. */
export async function shakeHands(
  url: string,
  headers: Readonly<Record<string, string>>,
  path = "/api/1.48.0/sync",
): Promise<string> {
  const lines = Object.entries({
    Host: new URL(url).host,
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return await speak(url, `GET ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
}
