import { rm } from "node:fs/promises";
import { readPrivateJson, writePrivateJson } from "../../home.ts";
import type { Home } from "../../home.ts";
import { seatFile } from "../../seat.ts";

export interface RememberedSession {
  readonly sessionId: string;
  /** What it has cost so far: programs tell the sum, and a turn's part of it is the difference. */
  readonly spent: number;
}

/** Where the session of a seat is remembered, so that a restarted agent goes on with what its harness knows. */
export interface SessionMemory {
  /** The session that this harness had in this directory; null if it had none. */
  recall(): Promise<RememberedSession | null>;
  keep(session: RememberedSession): Promise<void>;
  forget(): Promise<void>;
}

export interface RememberedSeat {
  readonly url: string;
  readonly roomId: string;
  readonly role: string;
  readonly harness: string;
  readonly workingDir: string;
}

/** A private file beside the seat's. One that makes no sense counts as none: a fresh session is always possible. */
export function sessionMemory(home: Home, seat: RememberedSeat): SessionMemory {
  const { url, roomId, role, harness, workingDir } = seat;
  // Another ending than a seat's: whoever lists the seats of a role must not find it.
  const file = seatFile(home, url, roomId, role).replace(/\.json$/, ".session");
  return {
    async recall() {
      const known = await readPrivateJson(file).catch(() => null);
      const same = known?.["harness"] === harness && known["workingDir"] === workingDir;
      const { sessionId, spent = 0 } = known ?? {};
      if (!same || typeof sessionId !== "string" || typeof spent !== "number") return null;
      return { sessionId, spent };
    },
    async keep(session) {
      await writePrivateJson(file, { harness, workingDir, ...session });
    },
    async forget() {
      await rm(file, { force: true });
    },
  };
}
