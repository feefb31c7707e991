/**
 * The whole number that an environment variable or an option gives to a test or a script, `otherwise` when it is not given. Throws a
 * RangeError of one sentence for anything else: what is no number would be no run at all, and a test that has passed.
 */
export function amountOf(name, text, otherwise, least = 1) {
  if (text === undefined) return otherwise;
  const amount = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(amount) && amount >= least) return amount;
  throw new RangeError(`${name} is "${text}": give it a whole number from ${least} on.`);
}

/** The seed in MUSTER_SEED, or one of chance. Throws as `amountOf` does. */
export function seedOf({ MUSTER_SEED }) {
  return amountOf("MUSTER_SEED", MUSTER_SEED, Math.floor(Math.random() * 2 ** 31), 0);
}
