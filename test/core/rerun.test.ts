import { describe, expect, it } from 'vitest';
import { decideRerun, type PublishedPull, type RerunFacts } from '../../src/core/rerun.ts';

const base = { branch: 'main', sha: 'base2', tree: 'base-tree' };
const open: PublishedPull = { number: 7, url: 'u', state: 'open', merged: false, base: 'main', closedByBot: undefined };
const mine = { sha: 'mine', tree: 'new-tree', mergeBase: 'base2', commits: [{ sha: 'mine', parents: ['base2'] }] };

function decide(facts: Partial<RerunFacts>) {
  return decideRerun({
    base,
    tree: 'new-tree',
    head: null,
    ours: new Set(['mine']),
    pulls: [],
    again: false,
    ...facts,
  });
}

describe('the rerun table', () => {
  it('pushes a new branch when there is none', () => {
    expect(decide({})).toEqual({ action: 'push', expected: null, pull: null });
  });

  it('pushes nothing when the open pull request holds the same tree on the same base', () => {
    expect(decide({ head: mine, pulls: [open] })).toEqual({ action: 'keep', head: 'mine', pull: open });
  });

  it('rebuilds on the current base when the base moved, even with the same tree', () => {
    const head = { ...mine, mergeBase: 'base1', commits: [{ sha: 'mine', parents: ['base1'] }] };
    expect(decide({ head, pulls: [open] })).toEqual({ action: 'push', expected: 'mine', pull: open });
  });

  it('rebuilds when the tree differs', () => {
    expect(decide({ head: mine, tree: 'other', pulls: [open] })).toEqual({
      action: 'push',
      expected: 'mine',
      pull: open,
    });
  });

  it('leaves a branch alone on which a reviewer committed', () => {
    const head = {
      sha: 'theirs',
      tree: 't',
      mergeBase: 'base1',
      commits: [
        { sha: 'theirs', parents: ['mine'] },
        { sha: 'mine', parents: ['base2'] },
      ],
    };
    expect(decide({ head, pulls: [open] })).toEqual({ action: 'diverged', head: 'theirs' });
  });

  it('rebuilds over a merge of the base, which loses nothing of a reviewer', () => {
    const head = {
      sha: 'merge',
      tree: 't',
      mergeBase: 'base1',
      commits: [
        { sha: 'merge', parents: ['mine', 'base2'] },
        { sha: 'mine', parents: ['base1'] },
      ],
    };
    expect(decide({ head, pulls: [open] })).toEqual({ action: 'push', expected: 'merge', pull: open });
  });

  it('leaves a branch alone that we never pushed, also when the base has all of it', () => {
    const head = { sha: 'base2', tree: 'base-tree', mergeBase: 'base2', commits: [] };
    expect(decide({ head })).toEqual({ action: 'diverged', head: 'base2' });
  });

  it('rebuilds over its own branch after that was merged', () => {
    expect(decide({ head: { ...mine, tree: 'older', mergeBase: 'mine', commits: [] } })).toMatchObject({
      action: 'push',
      expected: 'mine',
    });
  });

  it('pushes nothing over a commit of ours that has the base as its second parent', () => {
    const commits = [
      { sha: 'mine', parents: ['older', 'base2'] },
      { sha: 'older', parents: ['base1'] },
    ];
    expect(decide({ head: { ...mine, commits }, ours: new Set(['mine', 'older']) })).toMatchObject({ action: 'keep' });
  });

  it('takes a merge that brings in a foreign commit for foreign', () => {
    const head = {
      sha: 'merge',
      tree: 't',
      mergeBase: 'base1',
      commits: [
        { sha: 'merge', parents: ['mine', 'theirs'] },
        { sha: 'theirs', parents: ['base1'] },
        { sha: 'mine', parents: ['base1'] },
      ],
    };
    expect(decide({ head })).toMatchObject({ action: 'diverged' });
  });

  it('updates its own pull request, not a backport that somebody opened from the same branch', () => {
    const backport = { ...open, number: 8, base: 'release' };
    expect(decide({ head: mine, tree: 'other', pulls: [backport, open] })).toMatchObject({ pull: { number: 7 } });
  });

  it('judges a branch of 50,000 foreign commits', () => {
    const commits = Array.from({ length: 50_000 }, (_, at) => ({ sha: `c${at}`, parents: [`c${at + 1}`] }));
    expect(decide({ head: { sha: 'c0', tree: 't', mergeBase: 'base1', commits } })).toMatchObject({
      action: 'diverged',
    });
  });

  it('lists an open pull request as obsolete when there is no diff any more', () => {
    expect(decide({ tree: 'base-tree', head: mine, pulls: [open] })).toEqual({ action: 'unchanged', obsolete: open });
  });

  it('makes a new pull request after the last one was merged', () => {
    const merged: PublishedPull = { ...open, state: 'closed', merged: true };
    expect(decide({ pulls: [merged] })).toEqual({ action: 'push', expected: null, pull: null });
  });

  it('declines what a person closed, unless asked again', () => {
    const closed: PublishedPull = { ...open, state: 'closed', closedByBot: false };
    expect(decide({ head: mine, pulls: [closed] })).toEqual({ action: 'declined', pull: closed });
    expect(decide({ head: mine, pulls: [closed], again: true })).toEqual({ action: 'keep', head: 'mine', pull: null });
  });

  it('takes an unknown closer for a person and a bot for none', () => {
    const closed: PublishedPull = { ...open, state: 'closed' };
    expect(decide({ pulls: [closed] })).toMatchObject({ action: 'declined' });
    expect(decide({ pulls: [{ ...closed, closedByBot: true }] })).toMatchObject({ action: 'push' });
  });
});
