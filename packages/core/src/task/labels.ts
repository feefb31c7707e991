import type { StatusLabel } from "../agent/labels.ts";
import type { TaskStatus } from "./lifecycle.ts";

export const TASK_LABELS = {
  pending: {
    label: "PENDING",
    colour: "grey",
    pulsing: false,
    outlined: false,
    description: "Waits in its role's queue.",
  },
  acknowledged: {
    label: "ACKNOWLEDGED",
    colour: "amber",
    pulsing: false,
    outlined: false,
    description: "An agent has it and did not start it yet.",
  },
  in_progress: {
    label: "IN PROGRESS",
    colour: "blue",
    pulsing: true,
    outlined: false,
    description: "An agent works on it.",
  },
  completed: {
    label: "COMPLETED",
    colour: "green",
    pulsing: false,
    outlined: false,
    description: "Done or handed on.",
  },
  cancelled: {
    label: "CANCELLED",
    colour: "grey",
    pulsing: false,
    outlined: true,
    description: "A person called it off.",
  },
  dead_letter: {
    label: "DEAD LETTER",
    colour: "red",
    pulsing: false,
    outlined: true,
    description: "Its agents crashed on it too often; a person can retry it.",
  },
} as const satisfies Record<TaskStatus, StatusLabel>;
