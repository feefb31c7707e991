import type { InProcessDeployment, SyncLine } from "../src/in-process.ts";
import type { SimulatedTime } from "./simulated-time.ts";

const LATENCY = 3;

interface Message {
  readonly type: string;
  readonly requestId?: number;
  readonly result?: unknown;
  readonly success?: boolean;
  readonly ts?: string | null;
  readonly modifications?: readonly { readonly type: string; readonly value?: unknown }[];
}

/** A client of the sync protocol whose frames take their time in both directions. */
export class SimulatedLine {
  /** Every frame that arrived, with the moment at which it did. */
  readonly transcript: string[] = [];
  readonly messages: Message[] = [];
  readonly sessionId: string;
  readonly #time: SimulatedTime;
  readonly #line: SyncLine;
  #state: "open" | "closed" = "open";

  constructor(deployment: InProcessDeployment, time: SimulatedTime, sessionId: string) {
    this.#time = time;
    this.sessionId = sessionId;
    this.#line = deployment.accept({
      bufferedAmount: 0,
      send: (text, done) => {
        time.after(LATENCY, () => {
          if (this.#state === "open") this.#arrived(text);
          done();
        });
      },
      ping: () => void time.after(LATENCY, () => this.#line.heard()),
      close: () => void time.after(LATENCY, () => this.#over()),
      terminate: () => this.#over(),
    });
    this.send({
      type: "Connect",
      sessionId,
      connectionCount: 0,
      lastCloseReason: "InitialConnect",
      clientTs: time.now(),
    });
  }

  get isOpen(): boolean {
    return this.#state === "open";
  }

  send(message: object): void {
    this.#time.after(LATENCY, () => {
      if (this.#state === "open") this.#line.receive(JSON.stringify(message));
    });
  }

  /** Subscribes to all of these; nothing must be subscribed to yet. */
  watch(...queries: readonly (readonly [path: string, args: object])[]): void {
    const modifications = queries.map(([udfPath, args], queryId) => ({
      type: "Add",
      queryId,
      udfPath,
      args: [args],
    }));
    this.send({ type: "ModifyQuerySet", baseVersion: 0, newVersion: 1, modifications });
  }

  mutate(requestId: number, udfPath: string, args: object): void {
    this.send({ type: "Mutation", requestId, udfPath, args: [args] });
  }

  answerTo(requestId: number): Message | undefined {
    return this.messages.find(
      (message) => message.type === "MutationResponse" && message.requestId === requestId,
    );
  }

  #arrived(text: string): void {
    this.transcript.push(`${this.#time.now()} ${text}`);
    this.messages.push(JSON.parse(text) as Message);
  }

  #over(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#line.closed();
  }
}
