/** The first Node with everything that the runtime uses: SQLite without a flag. */
const OLDEST = [22, 13] as const;

/** Why this version of Node cannot run the runtime, as one sentence; undefined if it can. */
export function refusalOfNode(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return undefined;
  return `convex-local needs Node ${OLDEST.join(".")} or newer, and this is Node ${version}: install a newer one, from nodejs.org for example.`;
}
