import { newKey, registration } from "../cast.ts";
import type { Matrix } from "./cast.ts";

/** Arguments that are right in everything but, perhaps, who sends them. */
export function argsOf(name: string, matrix: Matrix): object {
  const { roomId, taskId, commandId, machineId, machineEpoch, epoch, holderId } = matrix;
  const room = roomId;
  const role = { room, role: "planner" };
  const seat = { ...role, epoch };
  const holder = { ...seat, holderId };
  const fence = { ...seat, taskId, token: "0" };
  const key = newKey();
  const text = "hello";
  const all: Record<string, object> = {
    "agents.add": { ...role, type: "remote", harness: "demo", machineId },
    "agents.kill": role,
    "agents.start": role,
    "agents.stop": role,
    "auth.exchange": { secret: matrix.secret },
    "auth.redeemCode": { code: matrix.code, label: "browser" },
    "commands.claim": { commandId, epoch: machineEpoch },
    "commands.finish": { commandId, epoch: machineEpoch, ok: true },
    "machines.daemonHeartbeat": { epoch: machineEpoch, agents: [] },
    "machines.disconnect": { epoch: machineEpoch },
    "machines.register": registration,
    "messages.list": { room },
    "messages.reportProgress": { ...seat, text, key },
    "messages.send": { room, text, key },
    "participants.events": role,
    "participants.evidence": role,
    "participants.heartbeat": holder,
    "participants.join": { ...role, epoch, holderId },
    "participants.leave": holder,
    "participants.park": holder,
    "participants.updateAgentStatus": { ...seat, event: { type: "leave", reason: "left" } },
    "rooms.create": { name: "dock", team: ["planner"], key },
    "rooms.get": { room },
    "rooms.getTeamReadiness": { room },
    "tasks.claim": { ...holder, taskId },
    "tasks.complete": { ...fence, key },
    "tasks.get": { room, taskId },
    "tasks.handOff": { ...fence, to: "builder", text, key },
    "tasks.list": { room },
    "tasks.next": role,
    "tasks.release": fence,
    "tasks.resume": fence,
    "tasks.retry": { room, taskId },
    "tasks.start": fence,
  };
  return all[name] ?? {};
}
