/* eslint-disable */
/**
 * Generated `api` utility.
 *
 * THIS CODE IS AUTOMATICALLY GENERATED.
 *
 * To regenerate, run `npx convex dev`.
 * @module
 */

import type * as agents from "../agents.js";
import type * as approvals from "../approvals.js";
import type * as auth from "../auth.js";
import type * as commands from "../commands.js";
import type * as credentials from "../credentials.js";
import type * as crons from "../crons.js";
import type * as deadlines from "../deadlines.js";
import type * as deliveries from "../deliveries.js";
import type * as heartbeatFiles from "../heartbeatFiles.js";
import type * as inbox from "../inbox.js";
import type * as machines from "../machines.js";
import type * as messages from "../messages.js";
import type * as model_access_access from "../model/access/access.js";
import type * as model_access_credentials from "../model/access/credentials.js";
import type * as model_access_secrets from "../model/access/secrets.js";
import type * as model_access_signIn from "../model/access/signIn.js";
import type * as model_access_token from "../model/access/token.js";
import type * as model_access_users from "../model/access/users.js";
import type * as model_answers from "../model/answers.js";
import type * as model_deadlines_arming from "../model/deadlines/arming.js";
import type * as model_deadlines_cleanup from "../model/deadlines/cleanup.js";
import type * as model_deadlines_clock from "../model/deadlines/clock.js";
import type * as model_deadlines_deadlines from "../model/deadlines/deadlines.js";
import type * as model_deadlines_expiry from "../model/deadlines/expiry.js";
import type * as model_deadlines_outage from "../model/deadlines/outage.js";
import type * as model_inbox_deliveries from "../model/inbox/deliveries.js";
import type * as model_inbox_inbox from "../model/inbox/inbox.js";
import type * as model_inbox_inboxes from "../model/inbox/inboxes.js";
import type * as model_inbox_routing from "../model/inbox/routing.js";
import type * as model_log from "../model/log.js";
import type * as model_machines_commands from "../model/machines/commands.js";
import type * as model_machines_machines from "../model/machines/machines.js";
import type * as model_machines_reports from "../model/machines/reports.js";
import type * as model_machines_restart from "../model/machines/restart.js";
import type * as model_machines_wake from "../model/machines/wake.js";
import type * as model_questions_approvals from "../model/questions/approvals.js";
import type * as model_questions_asking from "../model/questions/asking.js";
import type * as model_questions_questions from "../model/questions/questions.js";
import type * as model_rates from "../model/rates.js";
import type * as model_refusal from "../model/refusal.js";
import type * as model_rooms_archiving from "../model/rooms/archiving.js";
import type * as model_rooms_delivery from "../model/rooms/delivery.js";
import type * as model_rooms_explain from "../model/rooms/explain.js";
import type * as model_rooms_history from "../model/rooms/history.js";
import type * as model_rooms_messages from "../model/rooms/messages.js";
import type * as model_rooms_notices from "../model/rooms/notices.js";
import type * as model_rooms_opening from "../model/rooms/opening.js";
import type * as model_rooms_rooms from "../model/rooms/rooms.js";
import type * as model_rooms_sends from "../model/rooms/sends.js";
import type * as model_schedules_brakes from "../model/schedules/brakes.js";
import type * as model_schedules_dueWork from "../model/schedules/dueWork.js";
import type * as model_schedules_heartbeatFiles from "../model/schedules/heartbeatFiles.js";
import type * as model_schedules_pruning from "../model/schedules/pruning.js";
import type * as model_schedules_schedules from "../model/schedules/schedules.js";
import type * as model_schedules_settings from "../model/schedules/settings.js";
import type * as model_schedules_states from "../model/schedules/states.js";
import type * as model_schedules_tables from "../model/schedules/tables.js";
import type * as model_schedules_tickAnswers from "../model/schedules/tickAnswers.js";
import type * as model_schedules_tickDecision from "../model/schedules/tickDecision.js";
import type * as model_schedules_tickEnds from "../model/schedules/tickEnds.js";
import type * as model_schedules_tickWake from "../model/schedules/tickWake.js";
import type * as model_schedules_ticking from "../model/schedules/ticking.js";
import type * as model_schedules_ticks from "../model/schedules/ticks.js";
import type * as model_schedules_validators from "../model/schedules/validators.js";
import type * as model_schedules_views from "../model/schedules/views.js";
import type * as model_seats_agents from "../model/seats/agents.js";
import type * as model_seats_beats from "../model/seats/beats.js";
import type * as model_seats_leases from "../model/seats/leases.js";
import type * as model_seats_participants from "../model/seats/participants.js";
import type * as model_seats_removal from "../model/seats/removal.js";
import type * as model_seats_seated from "../model/seats/seated.js";
import type * as model_seats_seating from "../model/seats/seating.js";
import type * as model_seats_seats from "../model/seats/seats.js";
import type * as model_tasks_cancel from "../model/tasks/cancel.js";
import type * as model_tasks_claims from "../model/tasks/claims.js";
import type * as model_tasks_diffs from "../model/tasks/diffs.js";
import type * as model_tasks_handoffs from "../model/tasks/handoffs.js";
import type * as model_tasks_loopGuard from "../model/tasks/loopGuard.js";
import type * as model_tasks_queue from "../model/tasks/queue.js";
import type * as model_tasks_retry from "../model/tasks/retry.js";
import type * as model_tasks_tasks from "../model/tasks/tasks.js";
import type * as model_tasks_undelivered from "../model/tasks/undelivered.js";
import type * as model_timing from "../model/timing.js";
import type * as model_turns_activities from "../model/turns/activities.js";
import type * as model_turns_ends from "../model/turns/ends.js";
import type * as model_turns_progress from "../model/turns/progress.js";
import type * as model_turns_reads from "../model/turns/reads.js";
import type * as model_turns_turns from "../model/turns/turns.js";
import type * as model_turns_validators from "../model/turns/validators.js";
import type * as model_validators from "../model/validators.js";
import type * as notices from "../notices.js";
import type * as participants from "../participants.js";
import type * as questions from "../questions.js";
import type * as rooms from "../rooms.js";
import type * as schedules from "../schedules.js";
import type * as tasks from "../tasks.js";
import type * as turns from "../turns.js";
import type * as users from "../users.js";

import type {
  ApiFromModules,
  FilterApi,
  FunctionReference,
} from "convex/server";

declare const fullApi: ApiFromModules<{
  agents: typeof agents;
  approvals: typeof approvals;
  auth: typeof auth;
  commands: typeof commands;
  credentials: typeof credentials;
  crons: typeof crons;
  deadlines: typeof deadlines;
  deliveries: typeof deliveries;
  heartbeatFiles: typeof heartbeatFiles;
  inbox: typeof inbox;
  machines: typeof machines;
  messages: typeof messages;
  "model/access/access": typeof model_access_access;
  "model/access/credentials": typeof model_access_credentials;
  "model/access/secrets": typeof model_access_secrets;
  "model/access/signIn": typeof model_access_signIn;
  "model/access/token": typeof model_access_token;
  "model/access/users": typeof model_access_users;
  "model/answers": typeof model_answers;
  "model/deadlines/arming": typeof model_deadlines_arming;
  "model/deadlines/cleanup": typeof model_deadlines_cleanup;
  "model/deadlines/clock": typeof model_deadlines_clock;
  "model/deadlines/deadlines": typeof model_deadlines_deadlines;
  "model/deadlines/expiry": typeof model_deadlines_expiry;
  "model/deadlines/outage": typeof model_deadlines_outage;
  "model/inbox/deliveries": typeof model_inbox_deliveries;
  "model/inbox/inbox": typeof model_inbox_inbox;
  "model/inbox/inboxes": typeof model_inbox_inboxes;
  "model/inbox/routing": typeof model_inbox_routing;
  "model/log": typeof model_log;
  "model/machines/commands": typeof model_machines_commands;
  "model/machines/machines": typeof model_machines_machines;
  "model/machines/reports": typeof model_machines_reports;
  "model/machines/restart": typeof model_machines_restart;
  "model/machines/wake": typeof model_machines_wake;
  "model/questions/approvals": typeof model_questions_approvals;
  "model/questions/asking": typeof model_questions_asking;
  "model/questions/questions": typeof model_questions_questions;
  "model/rates": typeof model_rates;
  "model/refusal": typeof model_refusal;
  "model/rooms/archiving": typeof model_rooms_archiving;
  "model/rooms/delivery": typeof model_rooms_delivery;
  "model/rooms/explain": typeof model_rooms_explain;
  "model/rooms/history": typeof model_rooms_history;
  "model/rooms/messages": typeof model_rooms_messages;
  "model/rooms/notices": typeof model_rooms_notices;
  "model/rooms/opening": typeof model_rooms_opening;
  "model/rooms/rooms": typeof model_rooms_rooms;
  "model/rooms/sends": typeof model_rooms_sends;
  "model/schedules/brakes": typeof model_schedules_brakes;
  "model/schedules/dueWork": typeof model_schedules_dueWork;
  "model/schedules/heartbeatFiles": typeof model_schedules_heartbeatFiles;
  "model/schedules/pruning": typeof model_schedules_pruning;
  "model/schedules/schedules": typeof model_schedules_schedules;
  "model/schedules/settings": typeof model_schedules_settings;
  "model/schedules/states": typeof model_schedules_states;
  "model/schedules/tables": typeof model_schedules_tables;
  "model/schedules/tickAnswers": typeof model_schedules_tickAnswers;
  "model/schedules/tickDecision": typeof model_schedules_tickDecision;
  "model/schedules/tickEnds": typeof model_schedules_tickEnds;
  "model/schedules/tickWake": typeof model_schedules_tickWake;
  "model/schedules/ticking": typeof model_schedules_ticking;
  "model/schedules/ticks": typeof model_schedules_ticks;
  "model/schedules/validators": typeof model_schedules_validators;
  "model/schedules/views": typeof model_schedules_views;
  "model/seats/agents": typeof model_seats_agents;
  "model/seats/beats": typeof model_seats_beats;
  "model/seats/leases": typeof model_seats_leases;
  "model/seats/participants": typeof model_seats_participants;
  "model/seats/removal": typeof model_seats_removal;
  "model/seats/seated": typeof model_seats_seated;
  "model/seats/seating": typeof model_seats_seating;
  "model/seats/seats": typeof model_seats_seats;
  "model/tasks/cancel": typeof model_tasks_cancel;
  "model/tasks/claims": typeof model_tasks_claims;
  "model/tasks/diffs": typeof model_tasks_diffs;
  "model/tasks/handoffs": typeof model_tasks_handoffs;
  "model/tasks/loopGuard": typeof model_tasks_loopGuard;
  "model/tasks/queue": typeof model_tasks_queue;
  "model/tasks/retry": typeof model_tasks_retry;
  "model/tasks/tasks": typeof model_tasks_tasks;
  "model/tasks/undelivered": typeof model_tasks_undelivered;
  "model/timing": typeof model_timing;
  "model/turns/activities": typeof model_turns_activities;
  "model/turns/ends": typeof model_turns_ends;
  "model/turns/progress": typeof model_turns_progress;
  "model/turns/reads": typeof model_turns_reads;
  "model/turns/turns": typeof model_turns_turns;
  "model/turns/validators": typeof model_turns_validators;
  "model/validators": typeof model_validators;
  notices: typeof notices;
  participants: typeof participants;
  questions: typeof questions;
  rooms: typeof rooms;
  schedules: typeof schedules;
  tasks: typeof tasks;
  turns: typeof turns;
  users: typeof users;
}>;

/**
 * A utility for referencing Convex functions in your app's public API.
 *
 * Usage:
 * ```js
 * const myFunctionReference = api.myModule.myFunction;
 * ```
 */
export declare const api: FilterApi<
  typeof fullApi,
  FunctionReference<any, "public">
>;

/**
 * A utility for referencing Convex functions in your app's internal API.
 *
 * Usage:
 * ```js
 * const myFunctionReference = internal.myModule.myFunction;
 * ```
 */
export declare const internal: FilterApi<
  typeof fullApi,
  FunctionReference<any, "internal">
>;

export declare const components: {};
