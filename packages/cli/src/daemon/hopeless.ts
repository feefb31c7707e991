/** How an agent's process ends before its join when only a person can mend what keeps it from working. */
export const EXIT_HOPELESS = 78;

/** A start failed for a reason that another start alone does not change; the message says it in one sentence. */
export class HopelessStart extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "HopelessStart";
  }
}
