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
Math.random = () => host.random();
