import { InvalidArgumentError } from "commander";

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const DURATION = /^(\d{1,6})(s|m|h|d)$/;

/** `90s`, `30m`, `2h` or `1d`, in milliseconds. @throws InvalidArgumentError */
export function duration(value: string): number {
  const [, count, unit] = DURATION.exec(value.trim()) ?? [];
  if (count === undefined || unit === undefined) {
    throw new InvalidArgumentError("It must be a duration like 90s, 30m, 2h or 1d.");
  }
  return Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
}

const MOMENT =
  /^(\d{4})-(\d{2})-(\d{2})[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(Z|[+-]\d{2}:\d{2})?$/;

/** `2026-12-24T18:00`, on this computer's clock unless an offset says otherwise; in milliseconds. @throws InvalidArgumentError */
export function moment(value: string): number {
  const [, year, month, day] = MOMENT.exec(value.trim()) ?? [];
  const wrong = new InvalidArgumentError("It must be a date with a time, like 2026-12-24T18:00.");
  if (year === undefined || month === undefined || day === undefined) throw wrong;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (date.toISOString().slice(0, 10) !== `${year}-${month}-${day}`) {
    throw new InvalidArgumentError(`There is no ${year}-${month}-${day}.`);
  }
  const at = Date.parse(value.trim().replace(" ", "T"));
  if (Number.isNaN(at)) throw wrong;
  return at;
}

const HOURS = /^(\d{2}:\d{2})-(\d{2}:\d{2})$/;

/** `22:00-07:00`; what is no time of the day is for the backend to refuse. @throws InvalidArgumentError */
export function hours(value: string): { readonly from: string; readonly to: string } {
  const [, from, to] = HOURS.exec(value.trim()) ?? [];
  if (from === undefined || to === undefined) {
    throw new InvalidArgumentError("It must be two times of the day, like 22:00-07:00.");
  }
  return { from, to };
}

/** Where this computer's clock is. */
export function localZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
