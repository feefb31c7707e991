/** One line of the deployment's log for programs to read: what happened, then to what. */
export function logLine(
  event: string,
  fields: Readonly<Record<string, string | number | boolean | undefined>>,
): void {
  console.info(JSON.stringify({ event, ...fields }));
}
