import type { McpServer } from "@agentclientprotocol/sdk";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AGENT_MARKER, TURN_MARKER } from "../daemon/marker.ts";

const MUSTER = fileURLToPath(new URL("../main.ts", import.meta.url));
/** Where the seat is; what speaks for it is in the seat's file and nowhere else. */
const PLACE = ["HOME", "PATH", "MUSTER_URL", "MUSTER_HOME", "MUSTER_ROOM", "MUSTER_ROLE"];

/** Our MCP server as a harness is told to start it: for one seat, marked as a part of its agent. */
export function ownTools(environment: Readonly<Record<string, string>>, marker: string): McpServer {
  const { MUSTER_HOME: home = "", MUSTER_ROOM: room = "", MUSTER_ROLE: role = "" } = environment;
  const named = [...PLACE, AGENT_MARKER].map((name) => ({ name, value: environment[name] ?? "" }));
  return {
    name: "muster",
    command: process.execPath,
    args: [MUSTER, "mcp", "--room", room, "--role", role],
    env: [
      ...named.filter(({ value }) => value !== ""),
      { name: TURN_MARKER, value: marker },
      { name: "NODE_COMPILE_CACHE", value: join(home, "cache") },
    ],
  };
}
