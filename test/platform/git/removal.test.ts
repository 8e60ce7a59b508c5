import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GitWorld, makeGitWorld, requestFor, runGitIn, write } from './git-world.ts';

let world: GitWorld;
let mirror: string;
const LIBRARY = { installationId: 1, repositoryId: 202, repository: 'acme/library', branch: 'main' };

beforeEach(() => {
  world = makeGitWorld();
  world.commit({ file: 'one\n' });
  mirror = join(world.dataDir, 'mirrors', '101.git');
});
afterEach(() => world.close());

const yes = () => Promise.resolve(true);
const no = () => Promise.resolve(false);
const holds = () => runGitIn(mirror, ['for-each-ref', '--format=%(refname)', 'refs/flotilla/hold/']);

describe('a workspace', () => {
  it('stays where it may not go when its turn has come: another worker made it anew while it waited', async () => {
    const request = requestFor();
    const first = await world.workspaces.prepare(request);
    const record = join(first.path, 'workspace.json');
    const made = world.workspaces.prepare(request);
    await expect.poll(() => existsSync(record), { interval: 1 }).toBe(false);
    const wholeWhenAsked: boolean[] = [];
    const removed = await world.workspaces.remove(request, () => {
      wholeWhenAsked.push(existsSync(record));
      return Promise.resolve(false);
    });
    expect([removed, wholeWhenAsked]).toEqual([false, [true]]);
    expect((await made).path).toBe(first.path);
    expect(existsSync(join(first.tree, 'file'))).toBe(true);
    expect(holds()).toBe(`refs/flotilla/hold/${request.taskId}`);
  });

  it('is made after a removal that is under way, and not below it', async () => {
    const request = requestFor();
    await world.workspaces.prepare(request);
    const [removed, workspace] = await Promise.all([
      world.workspaces.remove(request, yes),
      world.workspaces.prepare(request),
    ]);
    expect(removed).toBe(true);
    expect(existsSync(join(workspace.tree, 'file'))).toBe(true);
    expect(holds()).not.toBe('');
  });

  it('that belongs to no task is removed with the hold that its record names, half made or whole', async () => {
    const request = requestFor();
    const { path } = await world.workspaces.prepare(request);
    expect(await world.workspaces.removeOrphan(request, no)).toBe(false);
    expect(await world.workspaces.removeOrphan(request, yes)).toBe(true);
    expect([existsSync(path), holds()]).toEqual([false, '']);
    write(path, 'ctl/HEAD', 'half\n');
    expect(await world.workspaces.removeOrphan(request, yes)).toBe(true);
    expect(existsSync(join(world.dataDir, 'workspaces', request.fleetId))).toBe(false);
  });
});

describe('a mirror', () => {
  it('stays while a workspace borrows from it, and goes with what a crash left in it', async () => {
    const request = requestFor();
    const workspace = await world.workspaces.prepare(request);
    const asked: string[] = [];
    const lives = (taskId: string) => {
      asked.push(taskId);
      return Promise.resolve(true);
    };
    expect(await world.workspaces.removeMirror(101, lives)).toBe(false);
    expect(asked).toEqual([request.taskId]);
    expect((await world.workspaces.snapshot(workspace)).changes).toEqual([]);

    // Of a process that died between the fetch and the record of its workspace.
    expect(await world.workspaces.removeMirror(101, no)).toBe(true);
    expect([existsSync(mirror), existsSync(`${mirror}.removed`)]).toEqual([false, false]);
    await world.workspaces.remove(request);
    const again = await world.workspaces.prepare(request);
    expect(existsSync(join(again.tree, 'file')), 'the next clone makes it anew').toBe(true);
  });

  it('stays while it is copied as a sibling, and one that is removed first is fetched again', async () => {
    world.commit({ 'index.js': 'export {};\n' }, { repository: 'acme/library' });
    const workspace = await world.workspaces.prepare(requestFor());
    const index = join(workspace.siblings, 'acme', 'library', 'index.js');
    const [, during] = await Promise.all([
      world.workspaces.addSibling(workspace, LIBRARY),
      world.workspaces.removeMirror(202, no),
    ]);
    expect([during, existsSync(index)]).toEqual([false, true]);
    const [after] = await Promise.all([
      world.workspaces.removeMirror(202, no),
      world.workspaces.addSibling(workspace, LIBRARY),
    ]);
    expect([after, existsSync(index)]).toEqual([expect.any(Boolean), true]);
  });
});
