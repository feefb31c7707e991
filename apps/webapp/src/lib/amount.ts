import type { Turn } from "#lib/backend.ts";

type Usage = Turn["usage"];

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** A count with its noun: `1 file`, `1,204 lines`. */
export function count(number: number, noun: string): string {
  return `${whole.format(number)} ${noun}${number === 1 ? "" : "s"}`;
}

/** Tokens and cost as far as a harness tells them: `12.4K in · 830 out · $0.04`; empty when it tells nothing. */
export function usageLine({ inputTokens, outputTokens, cost }: Usage): string {
  const parts: string[] = [];
  if (inputTokens !== undefined) parts.push(`${short.format(inputTokens)} in`);
  if (outputTokens !== undefined) parts.push(`${short.format(outputTokens)} out`);
  if (cost !== undefined) parts.push(money(cost.amount, cost.currency));
  return parts.join(" · ");
}

/** The sum of several turns; the cost only when all that tell one tell it in the same currency. */
export function totalOf(usages: readonly Usage[]): Usage {
  const sum = (pick: (usage: Usage) => number | undefined) => {
    const told = usages.map(pick).filter((number) => number !== undefined);
    return told.length === 0 ? undefined : told.reduce((a, b) => a + b, 0);
  };
  const inputTokens = sum((usage) => usage.inputTokens);
  const outputTokens = sum((usage) => usage.outputTokens);
  const amount = sum((usage) => usage.cost?.amount);
  const currencies = new Set(
    usages.flatMap(({ cost }) => (cost === undefined ? [] : cost.currency)),
  );
  const [currency] = currencies;
  return {
    ...(inputTokens !== undefined && { inputTokens }),
    ...(outputTokens !== undefined && { outputTokens }),
    ...(amount !== undefined &&
      currency !== undefined &&
      currencies.size === 1 && { cost: { amount, currency } }),
  };
}

/** Small sums keep the digits that say something. */
function money(amount: number, currency: string): string {
  const digits = amount > 0 && amount < 0.1 ? 4 : 2;
  const style = { style: "currency", currency, minimumFractionDigits: 2 } as const;
  return new Intl.NumberFormat("en", { ...style, maximumFractionDigits: digits }).format(amount);
}
