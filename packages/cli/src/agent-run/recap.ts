import { api } from "../backend/api.ts";
import type { Backend } from "../backend/connect.ts";
import { quotedMessages } from "../quoted-messages.ts";

/** How far back a harness is told that knows nothing of its room. */
const MESSAGES = 40;

/** The prompt, after what was said in the room before it, for a session that does not remember it. */
export async function withRecap(backend: Backend, room: string, prompt: string): Promise<string> {
  const { items } = await backend.query(api.messages.list, { room, limit: MESSAGES });
  // The last message is what this very prompt is about.
  const before = items.slice(0, -1);
  return before.length === 0 ? prompt : `${quotedMessages(before)}\n\n${prompt}`;
}
