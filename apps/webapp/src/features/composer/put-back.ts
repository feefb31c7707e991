/** A refused text comes back in front of whatever was written since. */
export function putBack(refused: string, since: string): string {
  return since.trim() === "" ? refused : `${refused}\n\n${since}`;
}
