import { define, host } from "./host.ts";

const RealDate = Date;

/** Time stands still while a query or mutation runs. */
const FrozenDate: DateConstructor = new Proxy(RealDate, {
  construct: (target, args: unknown[], self) =>
    Reflect.construct(
      target,
      args.length === 0 ? [host.now()] : args,
      self === FrozenDate ? target : self,
    ) as Date,
  apply: () => new RealDate(host.now()).toString(),
  get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
});
const now = () => host.now();

RealDate.prototype.constructor = FrozenDate;
define("Date", FrozenDate);
define("performance", { now, timeOrigin: 0 });

type Formatted<T> = (this: Intl.DateTimeFormat, date?: Date | number) => T;

// A format that is given no date takes the time itself, past the Date above.
const { prototype } = Intl.DateTimeFormat;
const { get: boundFormat } = Object.getOwnPropertyDescriptor(prototype, "format") as unknown as {
  readonly get: Formatted<(date: Date | number) => string>;
};
const { formatToParts } = prototype as unknown as {
  readonly formatToParts: Formatted<Intl.DateTimeFormatPart[]>;
};
Object.defineProperty(prototype, "format", {
  get(this: Intl.DateTimeFormat) {
    const format = boundFormat.call(this);
    return (date: Date | number = host.now()) => format(date);
  },
  configurable: true,
});
prototype.formatToParts = function atThisTime(date = host.now()) {
  return formatToParts.call(this, date);
};

Math.random = () => host.random();
