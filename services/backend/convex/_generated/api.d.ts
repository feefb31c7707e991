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
import type * as model_access from "../model/access.js";
import type * as model_activities from "../model/activities.js";
import type * as model_agents from "../model/agents.js";
import type * as model_answers from "../model/answers.js";
import type * as model_approvals from "../model/approvals.js";
import type * as model_archiving from "../model/archiving.js";
import type * as model_arming from "../model/arming.js";
import type * as model_asking from "../model/asking.js";
import type * as model_beats from "../model/beats.js";
import type * as model_brakes from "../model/brakes.js";
import type * as model_cancel from "../model/cancel.js";
import type * as model_claims from "../model/claims.js";
import type * as model_cleanup from "../model/cleanup.js";
import type * as model_commands from "../model/commands.js";
import type * as model_credentials from "../model/credentials.js";
import type * as model_deadlines from "../model/deadlines.js";
import type * as model_deliveries from "../model/deliveries.js";
import type * as model_delivery from "../model/delivery.js";
import type * as model_diffs from "../model/diffs.js";
import type * as model_dueWork from "../model/dueWork.js";
import type * as model_expiry from "../model/expiry.js";
import type * as model_explain from "../model/explain.js";
import type * as model_handoffs from "../model/handoffs.js";
import type * as model_heartbeatFiles from "../model/heartbeatFiles.js";
import type * as model_history from "../model/history.js";
import type * as model_inbox from "../model/inbox.js";
import type * as model_inboxes from "../model/inboxes.js";
import type * as model_leases from "../model/leases.js";
import type * as model_log from "../model/log.js";
import type * as model_loopGuard from "../model/loopGuard.js";
import type * as model_machines from "../model/machines.js";
import type * as model_messages from "../model/messages.js";
import type * as model_notices from "../model/notices.js";
import type * as model_opening from "../model/opening.js";
import type * as model_outage from "../model/outage.js";
import type * as model_participants from "../model/participants.js";
import type * as model_progress from "../model/progress.js";
import type * as model_questions from "../model/questions.js";
import type * as model_queue from "../model/queue.js";
import type * as model_rates from "../model/rates.js";
import type * as model_refusal from "../model/refusal.js";
import type * as model_removal from "../model/removal.js";
import type * as model_reports from "../model/reports.js";
import type * as model_restart from "../model/restart.js";
import type * as model_retry from "../model/retry.js";
import type * as model_rooms from "../model/rooms.js";
import type * as model_routing from "../model/routing.js";
import type * as model_schedulePruning from "../model/schedulePruning.js";
import type * as model_scheduleSettings from "../model/scheduleSettings.js";
import type * as model_scheduleStates from "../model/scheduleStates.js";
import type * as model_scheduleTables from "../model/scheduleTables.js";
import type * as model_scheduleValidators from "../model/scheduleValidators.js";
import type * as model_scheduleViews from "../model/scheduleViews.js";
import type * as model_schedules from "../model/schedules.js";
import type * as model_seated from "../model/seated.js";
import type * as model_seating from "../model/seating.js";
import type * as model_seats from "../model/seats.js";
import type * as model_secrets from "../model/secrets.js";
import type * as model_sends from "../model/sends.js";
import type * as model_signIn from "../model/signIn.js";
import type * as model_tasks from "../model/tasks.js";
import type * as model_tickAnswers from "../model/tickAnswers.js";
import type * as model_tickDecision from "../model/tickDecision.js";
import type * as model_tickEnds from "../model/tickEnds.js";
import type * as model_tickWake from "../model/tickWake.js";
import type * as model_ticking from "../model/ticking.js";
import type * as model_ticks from "../model/ticks.js";
import type * as model_timing from "../model/timing.js";
import type * as model_token from "../model/token.js";
import type * as model_turnEnds from "../model/turnEnds.js";
import type * as model_turnReads from "../model/turnReads.js";
import type * as model_turnValidators from "../model/turnValidators.js";
import type * as model_turns from "../model/turns.js";
import type * as model_undelivered from "../model/undelivered.js";
import type * as model_users from "../model/users.js";
import type * as model_validators from "../model/validators.js";
import type * as model_wake from "../model/wake.js";
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
  "model/access": typeof model_access;
  "model/activities": typeof model_activities;
  "model/agents": typeof model_agents;
  "model/answers": typeof model_answers;
  "model/approvals": typeof model_approvals;
  "model/archiving": typeof model_archiving;
  "model/arming": typeof model_arming;
  "model/asking": typeof model_asking;
  "model/beats": typeof model_beats;
  "model/brakes": typeof model_brakes;
  "model/cancel": typeof model_cancel;
  "model/claims": typeof model_claims;
  "model/cleanup": typeof model_cleanup;
  "model/commands": typeof model_commands;
  "model/credentials": typeof model_credentials;
  "model/deadlines": typeof model_deadlines;
  "model/deliveries": typeof model_deliveries;
  "model/delivery": typeof model_delivery;
  "model/diffs": typeof model_diffs;
  "model/dueWork": typeof model_dueWork;
  "model/expiry": typeof model_expiry;
  "model/explain": typeof model_explain;
  "model/handoffs": typeof model_handoffs;
  "model/heartbeatFiles": typeof model_heartbeatFiles;
  "model/history": typeof model_history;
  "model/inbox": typeof model_inbox;
  "model/inboxes": typeof model_inboxes;
  "model/leases": typeof model_leases;
  "model/log": typeof model_log;
  "model/loopGuard": typeof model_loopGuard;
  "model/machines": typeof model_machines;
  "model/messages": typeof model_messages;
  "model/notices": typeof model_notices;
  "model/opening": typeof model_opening;
  "model/outage": typeof model_outage;
  "model/participants": typeof model_participants;
  "model/progress": typeof model_progress;
  "model/questions": typeof model_questions;
  "model/queue": typeof model_queue;
  "model/rates": typeof model_rates;
  "model/refusal": typeof model_refusal;
  "model/removal": typeof model_removal;
  "model/reports": typeof model_reports;
  "model/restart": typeof model_restart;
  "model/retry": typeof model_retry;
  "model/rooms": typeof model_rooms;
  "model/routing": typeof model_routing;
  "model/schedulePruning": typeof model_schedulePruning;
  "model/scheduleSettings": typeof model_scheduleSettings;
  "model/scheduleStates": typeof model_scheduleStates;
  "model/scheduleTables": typeof model_scheduleTables;
  "model/scheduleValidators": typeof model_scheduleValidators;
  "model/scheduleViews": typeof model_scheduleViews;
  "model/schedules": typeof model_schedules;
  "model/seated": typeof model_seated;
  "model/seating": typeof model_seating;
  "model/seats": typeof model_seats;
  "model/secrets": typeof model_secrets;
  "model/sends": typeof model_sends;
  "model/signIn": typeof model_signIn;
  "model/tasks": typeof model_tasks;
  "model/tickAnswers": typeof model_tickAnswers;
  "model/tickDecision": typeof model_tickDecision;
  "model/tickEnds": typeof model_tickEnds;
  "model/tickWake": typeof model_tickWake;
  "model/ticking": typeof model_ticking;
  "model/ticks": typeof model_ticks;
  "model/timing": typeof model_timing;
  "model/token": typeof model_token;
  "model/turnEnds": typeof model_turnEnds;
  "model/turnReads": typeof model_turnReads;
  "model/turnValidators": typeof model_turnValidators;
  "model/turns": typeof model_turns;
  "model/undelivered": typeof model_undelivered;
  "model/users": typeof model_users;
  "model/validators": typeof model_validators;
  "model/wake": typeof model_wake;
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
