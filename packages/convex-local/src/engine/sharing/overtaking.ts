import type { Committer } from "../committer.ts";
import type { Commit, QueryOutcome } from "../engine.ts";

/** The commits from now on, for whoever has to know whether an answer from a snapshot is still true at the last of them. */
export class Overtaking {
  readonly #committer: Committer;
  readonly #commits: Commit[] = [];
  readonly #unsubscribe: () => void;

  constructor(committer: Committer) {
    this.#committer = committer;
    this.#unsubscribe = committer.onCommit((commit) => this.#commits.push(commit));
  }

  /** Whether there may be a commit after the answer's snapshot that it would have seen. For snapshots taken since this began. */
  has({ ts, reads }: QueryOutcome): boolean {
    if (ts > this.#committer.latestTs) return true;
    return this.#commits.some((commit) => commit.ts > ts && reads.overlaps(commit));
  }

  end(): void {
    this.#unsubscribe();
  }
}
