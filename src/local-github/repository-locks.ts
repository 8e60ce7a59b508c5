/** Runs work on one repository one after another, so that a ref comparison before and after belongs to one push. */
export class RepositoryLocks {
  readonly #tails = new Map<number, Promise<unknown>>();

  async run<R>(repositoryId: number, work: () => Promise<R>): Promise<R> {
    const before = this.#tails.get(repositoryId) ?? Promise.resolve();
    const mine = before.then(work, work);
    const settled = mine.catch(() => undefined);
    this.#tails.set(repositoryId, settled);
    try {
      return await mine;
    } finally {
      if (this.#tails.get(repositoryId) === settled) this.#tails.delete(repositoryId);
    }
  }
}
