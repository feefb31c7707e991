import { DIFF, OPTIONS, newKey, registration } from "../cast.ts";
import type { Matrix } from "./cast.ts";

/** Arguments that are right in everything but, perhaps, who sends them. */
export function argsOf(name: string, matrix: Matrix): object {
  const {
    roomId,
    taskId,
    turnId,
    approvalId,
    commandId,
    deliveryId,
    noticeId,
    machineId,
    machineEpoch,
    epoch,
    holderId,
  } = matrix;
  const room = roomId;
  const role = { room, role: "planner" };
  const seat = { ...role, epoch };
  const holder = { ...seat, holderId };
  const fence = { ...seat, taskId, token: matrix.token };
  const question = { requestId: "2", title: "Run it?", detail: "", options: OPTIONS };
  const nightly = { room, schedule: "nightly" };
  const cadence = { type: "interval", everyMs: 3_600_000 };
  const key = newKey();
  const text = "hello";
  const all: Record<string, object> = {
    "agents.add": { ...role, type: "remote", harness: "demo", machineId },
    "agents.kill": role,
    "agents.remove": role,
    "agents.restart": role,
    "agents.start": role,
    "agents.stop": role,
    "approvals.answer": { approvalId, answer: "yes" },
    "approvals.ask": { ...fence, turnId, ...question },
    "approvals.get": { ...role, approvalId },
    "approvals.list": { room },
    "approvals.withdraw": { ...seat, approvalId },
    "auth.exchange": { secret: matrix.secret },
    "auth.redeemCode": { code: matrix.code, label: "browser" },
    "commands.claim": { commandId, epoch: machineEpoch },
    "commands.finish": { commandId, epoch: machineEpoch, ok: true },
    "deliveries.claim": { deliveryId },
    "deliveries.fail": { deliveryId, attempt: 1, reason: "busy" },
    "deliveries.receipt": { deliveryId, attempt: 1 },
    "deliveries.retry": { deliveryId },
    "heartbeatFiles.report": { ...role, epoch: machineEpoch, file: { state: "missing" } },
    "inbox.seen": { deliveryIds: [deliveryId] },
    "machines.daemonHeartbeat": { epoch: machineEpoch, agents: [] },
    "machines.disconnect": { epoch: machineEpoch },
    "machines.offer": { epoch: machineEpoch, harnesses: [] },
    "machines.register": registration,
    "messages.list": { room },
    "messages.reportProgress": { ...seat, text, key },
    "messages.send": { room, text, key },
    "notices.dismiss": { noticeId },
    "participants.events": role,
    "participants.evidence": role,
    "participants.heartbeat": holder,
    "participants.join": { ...role, epoch, holderId },
    "participants.leave": holder,
    "participants.park": holder,
    "participants.updateAgentStatus": { ...seat, event: { type: "leave", reason: "left" } },
    "questions.ask": { ...fence, text, key },
    "questions.resume": { ...seat, approvalId },
    "rooms.archive": { room },
    "rooms.create": { name: "dock", team: ["planner"], key },
    "rooms.explain": { room },
    "rooms.get": { room },
    "rooms.getTeamReadiness": { room },
    "rooms.unarchive": { room },
    "schedules.add": { ...role, name: "hourly", kind: "heartbeat", cadence, key },
    "schedules.configure": { room, on: true },
    "schedules.list": { room },
    "schedules.pause": nightly,
    "schedules.remove": nightly,
    "schedules.respond": { ...fence, notify: false, key },
    "schedules.resume": nightly,
    "schedules.run": { ...nightly, key },
    "schedules.ticks": nightly,
    "tasks.cancel": { room, taskId },
    "tasks.claim": { ...holder, taskId },
    "tasks.complete": { ...fence, key },
    "tasks.diff": { room, taskId },
    "tasks.get": { room, taskId },
    "tasks.handOff": { ...fence, to: "builder", text, key },
    "tasks.held": { ...seat, taskId },
    "tasks.list": { room },
    "tasks.next": role,
    "tasks.oldestUndelivered": { room },
    "tasks.queue": { ...role, holder: { epoch, holderId } },
    "tasks.recordDiff": { ...seat, taskId, diff: DIFF },
    "tasks.release": fence,
    "tasks.resume": fence,
    "tasks.retry": { room, taskId },
    "tasks.start": fence,
    "turns.begin": { ...fence, harness: "demo", key },
    "turns.end": { ...seat, turnId, stopReason: "end_turn" },
    "turns.events": { room, turnId },
    "turns.latest": role,
    "turns.ofTask": { room, taskId },
    "turns.record": { ...seat, turnId, from: 1, events: [] },
  };
  return all[name] ?? {};
}
