import { Agent, request } from "node:http";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";

/** Calls over kept connections, with nothing of a client around them. */
export class Caller implements Disposable {
  readonly #url: string;
  readonly #agent: Agent;

  constructor(url: string, connections: number) {
    this.#url = url;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  async call(kind: "query" | "mutation", path: string, args: object): Promise<void> {
    const asked = request(`${this.#url}/api/${kind}`, {
      method: "POST",
      agent: this.#agent,
      headers: { "content-type": "application/json" },
    });
    asked.end(JSON.stringify({ path, format: "convex_encoded_json", args: [args] }));
    const [answer] = (await once(asked, "response")) as [IncomingMessage];
    const text = (await answer.setEncoding("utf8").toArray()).join("");
    if (!text.startsWith('{"status":"success"')) throw new Error(text);
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}
