import { PROTOCOL_VERSION, RequestError, methods } from "@agentclientprotocol/sdk";
import type {
  AuthMethod,
  ClientContext,
  InitializeResponse,
  McpServer,
  SessionConfigOption,
} from "@agentclientprotocol/sdk";
import { withoutEscapes } from "@muster/core/terminal";
import { redact } from "../../daemon/redact.ts";
import { HarnessMissing } from "../adapter.ts";
import type { RememberedSession, SessionMemory } from "./memory.ts";

export interface Handshake {
  /** What the harness is called in sentences. */
  readonly name: string;
  readonly workingDir: string;
  readonly model: string | null;
  readonly mcpServers: McpServer[];
  readonly memory: SessionMemory;
}

export interface OpenSession extends RememberedSession {
  readonly fresh: boolean;
}

/** JSON-RPC code of a program that has to be signed in first. */
const AUTH_REQUIRED = -32_000;

/**
 * Agrees with a program on the protocol and opens the session: the remembered one if the program can, else a new one.
 * @throws HarnessMissing with what a person can do about it
 */
export async function shakeHands(agent: ClientContext, how: Handshake): Promise<OpenSession> {
  const { name } = how;
  const about = await agent.request(methods.agent.initialize, {
    protocolVersion: PROTOCOL_VERSION,
    clientCapabilities: {},
    clientInfo: { name: "muster", version: "1" },
  });
  if (about.protocolVersion !== PROTOCOL_VERSION) {
    throw new HarnessMissing(
      `${name} cannot be used: it speaks version ${about.protocolVersion} of the Agent Client Protocol, and Muster speaks ${PROTOCOL_VERSION}. Install another version of it.`,
    );
  }
  try {
    const session = (await resume(agent, about, how)) ?? (await begin(agent, how));
    await chooseModel(agent, how, session);
    return session;
  } catch (error) {
    throw signInFirst(name, about.authMethods ?? [], error) ?? error;
  }
}

interface Session extends OpenSession {
  readonly configOptions: readonly SessionConfigOption[];
}

/** Null if there is nothing to resume, or the program does not know it any more. */
async function resume(
  agent: ClientContext,
  { agentCapabilities }: InitializeResponse,
  { workingDir: cwd, mcpServers, memory }: Handshake,
): Promise<Session | null> {
  const resumes = agentCapabilities?.sessionCapabilities?.resume != null;
  const method = resumes ? methods.agent.session.resume : methods.agent.session.load;
  if (!resumes && agentCapabilities?.loadSession !== true) return null;
  const known = await memory.recall();
  if (known === null) return null;
  try {
    const { sessionId } = known;
    const answer = await agent.request(method, { sessionId, cwd, mcpServers });
    return { ...known, fresh: false, configOptions: answer.configOptions ?? [] };
  } catch (error) {
    if (!(error instanceof RequestError) || error.code === AUTH_REQUIRED) throw error;
    await memory.forget();
    return null;
  }
}

async function begin(
  agent: ClientContext,
  { workingDir: cwd, mcpServers, memory }: Handshake,
): Promise<Session> {
  const answer = await agent.request(methods.agent.session.new, { cwd, mcpServers });
  const session = { sessionId: answer.sessionId, spent: 0 };
  await memory.keep(session);
  return { ...session, fresh: true, configOptions: answer.configOptions ?? [] };
}

async function chooseModel(
  agent: ClientContext,
  { name, model }: Handshake,
  { sessionId, configOptions }: Session,
): Promise<void> {
  if (model === null) return;
  const option = configOptions.find(
    ({ type, category }) => type === "select" && category === "model",
  );
  if (option?.type !== "select") {
    throw new HarnessMissing(
      `${name} cannot be told which model to use. Choose it in its own configuration, and none here.`,
    );
  }
  const known = option.options.flatMap((entry) => ("group" in entry ? entry.options : [entry]));
  if (!known.some(({ value }) => value === model)) {
    const some = known.slice(0, 8).map(({ value }) => value);
    const list = plain(some.join(", "));
    throw new HarnessMissing(
      `${name} has no model ${JSON.stringify(model)}; it has ${list}${known.length > some.length ? " …" : ""}.`,
    );
  }
  if (option.currentValue === model) return;
  const args = { sessionId, configId: option.id, value: model };
  await agent.request(methods.agent.session.setConfigOption, args);
}

/** The sentence for a program that wants its user to sign in; null for any other failure. */
export function signInFirst(
  name: string,
  ways: readonly AuthMethod[],
  error: unknown,
): HarnessMissing | null {
  if (!(error instanceof RequestError) || error.code !== AUTH_REQUIRED) return null;
  const [way] = ways;
  const what = plain(way?.description ?? way?.name ?? error.message).replace(/\.$/, "");
  return new HarnessMissing(`${name} is not signed in on this machine. To mend it: ${what}.`, {
    cause: error,
  });
}

/** A program's words as a part of our own sentence. */
export function plain(text: string): string {
  const line = withoutEscapes(text).replace(/[\p{Cc}\s]+/gu, " ");
  return redact(line).trim().slice(0, 300);
}
