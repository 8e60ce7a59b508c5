import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommitRequest, Workspace } from '../../../src/ports/workspace.ts';
import { type GitWorld, makeGitWorld, requestFor, runGitIn } from './git-world.ts';

let world: GitWorld;
let workspace: Workspace;
beforeEach(async () => {
  world = makeGitWorld();
  world.commit({ a: 'a' });
  workspace = await world.workspaces.prepare(requestFor());
});
afterEach(() => world.close());

const ctl = (): string => join(workspace.path, 'ctl');

function requested(change: Partial<CommitRequest> = {}): CommitRequest {
  const author = { name: 'flotilla[bot]', email: '77+flotilla[bot]@users.noreply.github.com' };
  const { baseTree: tree, baseSha: parent } = workspace;
  return { tree, parent, author, message: 'Bump', at: 1_700_000_000_999, ...change };
}

/** What git makes of the same, its message a whole number of lines. */
function byGit({ tree, parent, author, message, at }: CommitRequest): string {
  const file = join(world.root, 'message');
  writeFileSync(file, message.endsWith('\n') ? message : `${message}\n`);
  const date = `@${Math.floor(at / 1000)} +0000`;
  return runGitIn(ctl(), ['commit-tree', tree, '-p', parent, '-F', file], {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
    GIT_COMMITTER_DATE: date,
  });
}

describe('a commit', () => {
  it.each([
    ['with one line', {}],
    ['with a body and trailers', { message: 'Bump\n\nWhy.\n\nCo-authored-by: Mona <mona@localhost>\n' }],
    ['with a message of nothing', { message: '' }],
    [
      'with letters of everywhere',
      { message: 'Größe: 大きさ 🚀', author: { name: 'Möna Ünal', email: 'm@localhost' } },
    ],
    ['by a name with marks around it', { author: { name: ' "Mona, M." ', email: '<m@localhost>' } }],
  ])('%s is the one that git makes', async (_, change) => {
    const request = requested(change);
    const sha = await world.workspaces.commit(workspace, request);
    expect(existsSync(join(ctl(), 'objects', sha.slice(0, 2), sha.slice(2)))).toBe(true);
    expect(sha).toBe(byGit(request));
    expect(runGitIn(ctl(), ['fsck', '--no-dangling', sha])).toBe('');
    expect(await world.workspaces.commit(workspace, request), 'made again').toBe(sha);
  });

  it('can be forged by no name and no object', async () => {
    const author = { name: 'Mona\nparent 0', email: 'm@localhost>\n' };
    const sha = await world.workspaces.commit(workspace, requested({ author }));
    expect(runGitIn(ctl(), ['cat-file', 'commit', sha]).split('\n').slice(0, 4)).toEqual([
      `tree ${workspace.baseTree}`,
      `parent ${workspace.baseSha}`,
      'author Monaparent 0 <m@localhost> 1700000000 +0000',
      'committer Monaparent 0 <m@localhost> 1700000000 +0000',
    ]);
    await expect(world.workspaces.commit(workspace, requested({ tree: 'HEAD' }))).rejects.toThrow('names no object');
    const nobody = { name: ' . ', email: 'm@localhost' };
    await expect(world.workspaces.commit(workspace, requested({ author: nobody }))).rejects.toThrow('names no author');
  });
});
