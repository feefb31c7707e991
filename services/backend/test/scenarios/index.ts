import type { Scenarios } from "../home.ts";
import { approvals } from "./approvals.ts";
import { archiving } from "./archiving.ts";
import { cancelling } from "./cancelling.ts";
import { delivering } from "./delivering.ts";
import { explanations } from "./explain.ts";
import { firstRooms } from "./first-room.ts";
import { handoffs } from "./handoff.ts";
import { liveness } from "./liveness.ts";
import { notices } from "./notices.ts";
import { opening } from "./opening.ts";
import { questions } from "./questions.ts";
import { removing } from "./removing.ts";
import { outbox } from "./outbox.ts";
import { schedules } from "./schedules.ts";
import { signIns } from "./sign-in.ts";
import { supervision } from "./supervision.ts";
import { ticks } from "./ticks.ts";
import { turns } from "./turns.ts";

/** All scenarios by what they are about. */
export const suites: Record<string, Scenarios> = {
  approvals,
  archiving,
  cancelling,
  delivering,
  explanations,
  firstRooms,
  handoffs,
  liveness,
  notices,
  opening,
  outbox,
  questions,
  removing,
  schedules,
  signIns,
  supervision,
  ticks,
  turns,
};
