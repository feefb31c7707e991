/** The minutes (UTC) of the calendar at which something is due. */
export interface Calendar {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  /** Of the month, from 1. Null: any. */
  readonly days: ReadonlySet<number> | null;
  /** From 1. */
  readonly months: ReadonlySet<number>;
  /** Sunday is 0. Null: any. With both given, a day of either kind counts, as cron has it. */
  readonly weekdays: ReadonlySet<number> | null;
}

interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly words: readonly string[];
}

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const WEEKDAYS = "sun mon tue wed thu fri sat".split(" ");
const MINUTE: Field = { name: "minute", from: 0, to: 59, words: [] };
const HOUR: Field = { name: "hour", from: 0, to: 23, words: [] };
const DAY: Field = { name: "day", from: 1, to: 31, words: [] };
const MONTH: Field = { name: "month", from: 1, to: 12, words: MONTHS };
/** Both 0 and 7 are Sunday. */
const WEEKDAY: Field = { name: "weekday", from: 0, to: 7, words: WEEKDAYS };

/** Reads five fields of lists, ranges, steps and names. Throws an Error that names the field at fault. */
export function readCronExpression(text: string): Calendar {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 5) {
    throw new Error(`"${text}" is not a cron expression: it has ${fields.length} fields, not 5.`);
  }
  const [minute = "", hour = "", day = "", month = "", weekday = ""] = fields;
  const weekdays = restriction(weekday, WEEKDAY);
  return {
    minutes: numbersOf(minute, MINUTE),
    hours: numbersOf(hour, HOUR),
    days: restriction(day, DAY),
    months: numbersOf(month, MONTH),
    weekdays: weekdays === null ? null : new Set(Array.from(weekdays, (number) => number % 7)),
  };
}

function restriction(text: string, field: Field): Set<number> | null {
  return text === "*" || text === "?" ? null : numbersOf(text, field);
}

function numbersOf(text: string, field: Field): Set<number> {
  return new Set(text.split(",").flatMap((part) => rangeOf(part, field)));
}

/** `5`, `1-5`, `10-50/20`; `10/20` goes on from ten to the end, as a star does from the beginning. */
function rangeOf(part: string, field: Field): number[] {
  const [, span = "", step = "1"] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
  const [first = "", last, ...more] = span.split("-");
  const isAny = span === "*";
  const from = isAny ? field.from : numberOf(first, field);
  const isOpen = isAny || (last === undefined && part.includes("/"));
  const highest = field === WEEKDAY ? 6 : field.to;
  const to = isOpen ? highest : numberOf(last ?? first, field);
  if (more.length > 0 || to < from || Number(step) === 0) throw wrong(part, field);
  const numbers: number[] = [];
  for (let number = from; number <= to; number += Number(step)) numbers.push(number);
  return numbers;
}

function numberOf(text: string, field: Field): number {
  const word = field.words.indexOf(text.toLowerCase());
  const number = word === -1 ? (/^\d+$/.test(text) ? Number(text) : -1) : word + field.from;
  if (number < field.from || number > field.to) throw wrong(text, field);
  return number;
}

/** `L`, `15W`, `5#3`: the last day, the weekday nearest to the fifteenth, the third Friday. */
const OF_THE_MONTH = /^(?:\w*l(?:-\d+)?|l?\d*w|\w+#\d+)$/i;

function wrong(text: string, { name, from, to }: Field): Error {
  if (OF_THE_MONTH.test(text)) {
    return new Error(
      `"${text}" is not available in this runtime yet, as no L, W or # is: let the cron run on each day that may be the one, and look at the date in its function.`,
    );
  }
  return new Error(`"${text}" is not a ${name} of a cron expression (${from} to ${to}).`);
}
