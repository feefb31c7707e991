/** A terminal's Ctrl-C can arrive twice, from the terminal and from npm: only a later one is a second thought. */
const SECOND_THOUGHT_MS = 1_000;

export interface StopRequests {
  /** Somebody asked this process to stop. */
  readonly asked: Promise<void>;
  /** Somebody asked again, a second later or more. */
  readonly forced: Promise<void>;
}

/** Listens for INT, TERM and HUP from now on. */
export function stopRequests(source: NodeJS.EventEmitter = process, now = Date.now): StopRequests {
  let askedAt: number | undefined;
  const asked = Promise.withResolvers<void>();
  const forced = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    source.on(signal, () => {
      askedAt ??= now();
      asked.resolve();
      if (now() - askedAt >= SECOND_THOUGHT_MS) forced.resolve();
    });
  }
  return { asked: asked.promise, forced: forced.promise };
}
