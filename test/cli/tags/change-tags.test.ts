import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeTags } from '../../../src/cli/tags/change-tags.ts';
import { createPersonClient } from '../../../src/platform/github/client.ts';
import { createRepositoryTags, type RepositoryTags } from '../../../src/platform/github/tags/repository-tags.ts';
import { givenGitHub, repositories, type World } from '../../local-github/given-github.ts';

const PUT = 'PUT /repos/{owner}/{repo}/topics';
const nothing = () => {};
const log = { debug: nothing, info: nothing, warn: nothing, error: nothing };

let world: World;
let tags: RepositoryTags;

beforeAll(async () => {
  world = await givenGitHub([
    { login: 'acme', repositories: repositories('one', 'two', 'three', 'four', 'full', 'stubborn', 'raced') },
  ]);
  const options = { apiUrl: `${world.github.url}/api/v3`, log, clock: { now: Date.now }, readRetryDelaysMs: [] };
  tags = createRepositoryTags(createPersonClient(options, 'octocat'));
});
afterAll(() => world.close());

const RUN = {
  tag: 'lang:ts',
  target: { kind: 'topic', topic: 'lang-ts' },
  action: 'tag',
  plan: false,
  pauseMs: 0,
} as const;

const chosen = (...names: string[]) => names.map((name) => ({ fullName: `acme/${name}`, listed: null }));
const outcomes = async (given: RepositoryTags, ...names: string[]) => {
  const changed = await changeTags(given, chosen(...names), RUN);
  return { ...changed, outcomes: changed.outcomes.map(({ outcome }) => outcome) };
};

describe('tagging many repositories', () => {
  it('stops at a limit, says until when, and goes on from there another time', async () => {
    const retry = { 'retry-after': '120' };
    world.github.failures.next({ route: PUT, path: '/acme/two/', mode: 'status', status: 429, headers: retry });
    const first = await outcomes(tags, 'one', 'two', 'three');
    expect(first.outcomes).toEqual(['changed', 'not_reached', 'not_reached']);
    expect(first.stopped?.retryAt).toBeGreaterThan(Date.now() + 100_000);
    expect(await outcomes(tags, 'one', 'two', 'three')).toEqual({
      outcomes: ['unchanged', 'changed', 'changed'],
      stopped: null,
    });
  });

  it('looks whether a write happened that had no answer', async () => {
    world.github.requests.clear();
    world.github.failures.next({ route: PUT, path: '/acme/four/', mode: 'after' });
    expect((await outcomes(tags, 'four')).outcomes).toEqual(['changed']);
    expect(world.github.requests.count(PUT)).toBe(1);
  });

  it('refuses the twenty-first topic', async () => {
    await tags.writeTopics(
      'acme/full',
      Array.from({ length: 20 }, (_, index) => `t${index}`),
    );
    const { outcomes: all } = await changeTags(tags, chosen('full'), RUN);
    expect(all).toMatchObject([{ outcome: 'failed', detail: expect.stringContaining('20') }]);
  });

  it('writes again where another writer came between, and keeps what that one wrote', async () => {
    let races = 1;
    const raced: RepositoryTags = {
      ...tags,
      async writeTopics(fullName, topics) {
        await tags.writeTopics(fullName, topics);
        if (races-- > 0) await tags.writeTopics(fullName, ['theirs']);
      },
    };
    expect((await outcomes(raced, 'raced')).outcomes).toEqual(['changed']);
    expect(await tags.topics('acme/raced')).toEqual(['theirs', 'lang-ts']);
  });

  it('says so where something else stands there after the third write', async () => {
    let writes = 0;
    const stubborn: RepositoryTags = {
      ...tags,
      writeTopics: async () => {
        writes += 1;
      },
    };
    const { outcomes: all } = await changeTags(stubborn, chosen('stubborn', 'one'), RUN);
    expect(all).toMatchObject([
      { outcome: 'failed', detail: expect.stringContaining('3 times') },
      { outcome: 'unchanged' },
    ]);
    expect(writes).toBe(3);
  });

  it('pauses between writes alone', async () => {
    const started = performance.now();
    await changeTags(tags, chosen('one', 'two', 'three'), { ...RUN, pauseMs: 60_000 });
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
