import { InvalidArgumentError, type Command } from "commander";

/** Below the two minutes after which common harnesses end a command: "call again" must come from us. */
export const UNWATCHED_SECONDS = 110;

export function withRoom(command: Command): Command {
  return command.option("--room <room>", "name or id of the room (default: $MUSTER_ROOM)");
}

/** For what is about a room: `room show harbor`, and `--room harbor` as everywhere else. */
export function withRoomArgument(command: Command): Command {
  return withRoom(command.argument("[room]", "its name or id, like --room"));
}

export function withSeat(command: Command): Command {
  return withRoom(command).option("--role <role>", "role in the room (default: $MUSTER_ROLE)");
}

/** A whole number from 0 up. */
export function wholeNumber(value: string): number {
  if (!/^\d{1,15}$/.test(value)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(value);
}

/** A whole number from 1 up. */
export function howMany(value: string): number {
  const number = wholeNumber(value);
  if (number === 0) throw new InvalidArgumentError("It must be at least 1.");
  return number;
}

export function portNumber(value: string): number {
  const port = wholeNumber(value);
  if (port > 65_535) throw new InvalidArgumentError("A port is a number up to 65535.");
  return port;
}

/** Seconds, with a fraction if need be. */
export function seconds(value: string): number {
  const number = Number(value);
  if (value.trim() === "" || !Number.isFinite(number) || number < 0 || number > 86_400) {
    throw new InvalidArgumentError("It must be a number of seconds, at most a day.");
  }
  return number;
}

/** `planner,builder`, each once. */
export function names(value: string): readonly string[] {
  const found = value
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (found.length === 0) throw new InvalidArgumentError("It must name at least one role.");
  return [...new Set(found)];
}

/** An amount of money, with a fraction if need be. */
export function amount(value: string): number {
  if (!/^\d{1,9}(\.\d{1,6})?$/.test(value)) {
    throw new InvalidArgumentError("It must be an amount like 5 or 2.50.");
  }
  return Number(value);
}

export function yesOrNo(value: string): boolean {
  if (value === "yes" || value === "on") return true;
  if (value === "no" || value === "off") return false;
  throw new InvalidArgumentError("It must be yes or no.");
}
