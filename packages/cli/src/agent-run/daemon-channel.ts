import { toAgent } from "../daemon/channel.ts";
import type { BeatAnswer, FromAgent } from "../daemon/channel.ts";

/** The daemon as its agent sees it. Without one, or after its death, nothing is said and nothing is heard. */
export interface DaemonChannel {
  readonly connected: boolean;
  say(message: FromAgent): void;
  /** Calls `onBeat` with what each beat of the machine heard about this agent. */
  listen(onBeat: (answer: BeatAnswer) => void): void;
}

/** The channel that the daemon opened when it started this process. */
export function daemonOf(process: NodeJS.Process): DaemonChannel {
  return {
    get connected() {
      return process.connected;
    },
    say: (message) => {
      if (process.connected) process.send?.(message, undefined, undefined, () => {});
    },
    listen: (onBeat) => {
      process.on("message", (message) => {
        const beat = toAgent(message);
        if (beat !== null) onBeat(beat.answer);
      });
    },
  };
}
