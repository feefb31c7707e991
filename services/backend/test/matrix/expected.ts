export const WHO = [
  "nobody",
  "another user",
  "a member",
  "the owner",
  "this role's agent",
  "another role's agent",
  "its machine",
  "another machine",
] as const;
export type Who = (typeof WHO)[number];

const yes = "accepted";
const hidden = "not_found";
const denied = "not_allowed";
const unknown = "not_signed_in";

const ANYONE = [yes, yes, yes, yes, yes, yes, yes, yes];
const PRINCIPALS = [unknown, yes, yes, yes, yes, yes, yes, yes];
const PEOPLE = [unknown, yes, yes, yes, denied, denied, denied, denied];
const MEMBERS = [unknown, hidden, yes, yes, denied, denied, denied, denied];
const MANAGERS = [unknown, hidden, denied, yes, denied, denied, denied, denied];
const APPROVERS = MANAGERS;
const READERS = [unknown, hidden, yes, yes, yes, yes, denied, denied];
const THE_SEAT = [unknown, denied, denied, denied, yes, denied, denied, denied];
const MACHINES = [unknown, denied, denied, denied, denied, denied, yes, yes];
const CARRIERS = [unknown, yes, yes, yes, denied, denied, yes, yes];
const ITS_CARRIER = [unknown, hidden, hidden, yes, denied, denied, hidden, hidden];
const ITS_PERSON = [unknown, hidden, hidden, yes, denied, denied, denied, denied];
const ITS_MACHINE = [unknown, denied, denied, denied, denied, denied, yes, hidden];

/** Who may call what about the room harbor, its planner and planner's machine; in the order of WHO. */
export const EXPECTED: Record<string, readonly string[]> = {
  "agents.add": MANAGERS,
  "agents.forMachine": MACHINES,
  "agents.kill": MANAGERS,
  "agents.remove": MANAGERS,
  "agents.restart": MANAGERS,
  "agents.start": MANAGERS,
  "agents.stop": MANAGERS,
  "approvals.answer": APPROVERS,
  "approvals.ask": THE_SEAT,
  "approvals.get": THE_SEAT,
  "approvals.list": MEMBERS,
  "approvals.withdraw": THE_SEAT,
  "auth.createCode": PEOPLE,
  "auth.exchange": ANYONE,
  "auth.redeemCode": ANYONE,
  "auth.signOut": PEOPLE,
  "auth.whoami": PRINCIPALS,
  "commands.claim": ITS_MACHINE,
  "commands.finish": ITS_MACHINE,
  "commands.forMachine": MACHINES,
  "deliveries.claim": ITS_CARRIER,
  "deliveries.fail": ITS_CARRIER,
  "deliveries.outgoing": CARRIERS,
  "deliveries.receipt": ITS_CARRIER,
  "deliveries.retry": ITS_PERSON,
  "heartbeatFiles.report": MACHINES,
  "inbox.configure": PEOPLE,
  "inbox.firstRoom": PEOPLE,
  "inbox.list": PEOPLE,
  "inbox.seen": PEOPLE,
  "inbox.settings": PEOPLE,
  "machines.daemonHeartbeat": MACHINES,
  "machines.disconnect": MACHINES,
  "machines.list": PEOPLE,
  "machines.offer": MACHINES,
  "machines.register": MACHINES,
  "messages.list": READERS,
  "messages.reportProgress": THE_SEAT,
  "messages.send": MEMBERS,
  "notices.dismiss": MEMBERS,
  "notices.list": PRINCIPALS,
  "participants.events": MEMBERS,
  "participants.evidence": MEMBERS,
  "participants.heartbeat": THE_SEAT,
  "participants.join": THE_SEAT,
  "participants.leave": THE_SEAT,
  "participants.park": THE_SEAT,
  "participants.updateAgentStatus": ITS_MACHINE,
  "questions.ask": THE_SEAT,
  "questions.resume": THE_SEAT,
  "rooms.archive": MANAGERS,
  "rooms.create": PEOPLE,
  "rooms.explain": MEMBERS,
  "rooms.get": READERS,
  "rooms.getTeamReadiness": READERS,
  "rooms.list": PEOPLE,
  "rooms.unarchive": MANAGERS,
  "schedules.add": MANAGERS,
  "schedules.configure": MANAGERS,
  "schedules.list": MEMBERS,
  "schedules.pause": MANAGERS,
  "schedules.remove": MANAGERS,
  "schedules.respond": THE_SEAT,
  "schedules.resume": MANAGERS,
  "schedules.run": MEMBERS,
  "schedules.ticks": MEMBERS,
  "tasks.cancel": MEMBERS,
  "tasks.claim": THE_SEAT,
  "tasks.complete": THE_SEAT,
  "tasks.diff": READERS,
  "tasks.get": READERS,
  "tasks.handOff": THE_SEAT,
  "tasks.held": THE_SEAT,
  "tasks.list": READERS,
  "tasks.next": THE_SEAT,
  "tasks.oldestUndelivered": MEMBERS,
  "tasks.queue": THE_SEAT,
  "tasks.recordDiff": THE_SEAT,
  "tasks.release": THE_SEAT,
  "tasks.resume": THE_SEAT,
  "tasks.retry": MEMBERS,
  "tasks.start": THE_SEAT,
  "turns.begin": THE_SEAT,
  "turns.end": THE_SEAT,
  "turns.events": MEMBERS,
  "turns.latest": MEMBERS,
  "turns.ofTask": READERS,
  "turns.record": THE_SEAT,
};
