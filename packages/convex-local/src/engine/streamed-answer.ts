type Within = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * The same answer with a body that is read `within` the run that gave it: what makes it up while it is sent may call functions, as in
 * the action itself.
 */
export function readWithin(answer: Response, within: Within): Response {
  const { body, status, statusText, headers } = answer;
  if (body === null) return answer;
  const reader = body.getReader();
  const read = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await within(() => reader.read());
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => within(() => reader.cancel(reason)),
    },
    { highWaterMark: 0 },
  );
  return new Response(read, { status, statusText, headers });
}
