import type { GitHub } from '../../src/ports/github.ts';
import type { GitHubWrites } from '../../src/ports/github-writes.ts';

/** An issue's or a comment's text on its way to GitHub. */
export interface WrittenText {
  /** Epoch milliseconds. */
  at: number;
  kind: 'creation' | 'edit';
  page: 'issue' | 'comment';
  /** Of the request's values as JSON. */
  bytes: number;
  /** It says nothing else than what was sent before. */
  same: boolean;
}

/** The same GitHub, and what is written of texts through it, oldest first. */
export function watchTexts(github: GitHub, now: () => number): { github: GitHub; written: readonly WrittenText[] } {
  const written: WrittenText[] = [];
  const last = new Map<string, string>();
  function note(kind: WrittenText['kind'], page: WrittenText['page'], id: number, values: object): void {
    const [key, text] = [`${page} ${id}`, JSON.stringify(values)];
    written.push({ at: now(), kind, page, bytes: Buffer.byteLength(text), same: last.get(key) === text });
    last.set(key, text);
  }
  const watched = (writes: GitHubWrites): GitHubWrites => ({
    ...writes,
    async createIssue(repository, issue) {
      const made = await writes.createIssue(repository, issue);
      note('creation', 'issue', made.number, issue);
      return made;
    },
    async updateIssue(repository, number, change) {
      const made = await writes.updateIssue(repository, number, change);
      note('edit', 'issue', number, change);
      return made;
    },
    async createComment(repository, number, body) {
      const made = await writes.createComment(repository, number, body);
      note('creation', 'comment', made.id, { body });
      return made;
    },
    async updateComment(repository, id, body) {
      const made = await writes.updateComment(repository, id, body);
      note('edit', 'comment', id, { body });
      return made;
    },
  });
  return { github: { ...github, writes: (installation) => watched(github.writes(installation)) }, written };
}
