import { describe, expect, test } from 'vitest';
import { BODY_LIMIT } from '../../../src/core/render/page-layout.ts';
import { type PullRequestFacts, renderPullRequest } from '../../../src/core/render/pull-request.ts';
import { NOTHING_SPENT } from '../../../src/core/spent.ts';
import { fleet, plan, toldNode } from './sample-fleet.ts';

const facts = (change: Partial<PullRequestFacts> = {}): PullRequestFacts => ({
  fleet: fleet(),
  evidence: {
    taskId: 't-abcdefghijkl',
    spent: NOTHING_SPENT,
    nodes: [toldNode('bump'), toldNode('test', { status: 'failed', exitCode: 1 })],
    transcripts: [],
  },
  title: null,
  body: null,
  commitMessage: null,
  trackingIssueUrl: 'https://github.com/acme/platform/issues/14',
  moreVisible: false,
  webUrl: 'https://github.com',
  ...change,
});

describe('a pull request', () => {
  test('says what was asked, by whom, what ran, and where the whole story is', async () => {
    const { title, body, commitMessage } = renderPullRequest(facts());
    await expect(`${title}\n\n=====\n\n${body}\n\n=====\n\n${commitMessage}\n`).toMatchFileSnapshot(
      'snapshots/pull-request.txt',
    );
  });

  test('takes the texts of the workflow, and reaches nobody by them', () => {
    const text = renderPullRequest(
      facts({ title: 'Bump @acme/shared', body: 'For @octocat.\n\nFixes #1', commitMessage: 'Bump\n\nCloses #2' }),
    );
    expect(text.title).toBe('Bump @acme/shared');
    expect(text.body).toMatch(/^For @\u200boctocat\.\n\nFixes #\u200b1/);
    expect(text.commitMessage).toBe(
      'Bump\n\nCloses #\u200b2\n\nCo-authored-by: octocat <7+octocat@users.noreply.github.com>',
    );
  });

  test('writes no entry into the timeline of the tracking issue', () => {
    const { body } = renderPullRequest(facts());
    expect(body).toContain('https://redirect.github.com/acme/platform/issues/14');
    expect(body).not.toContain('(https://github.com/acme/platform/issues/14');
  });

  test('links plainly on a host of its own', () => {
    const own = {
      webUrl: 'https://git.acme.example',
      trackingIssueUrl: 'https://git.acme.example/acme/platform/issues/14',
    };
    const { body, commitMessage } = renderPullRequest(facts(own));
    expect(body).toContain('(https://git.acme.example/acme/platform/issues/14)');
    expect(commitMessage).toContain('@users.noreply.git.acme.example>');
  });

  test('tells nothing of the fleet where more people can read it', () => {
    const { body } = renderPullRequest(facts({ moreVisible: true, body: 'A bump.' }));
    expect(body).toContain('A bump.');
    expect(body).not.toMatch(/acme\/platform|octocat|bump-shared-lib version/);
  });

  test('names the person a bot runs as, and no bot, as co-author', () => {
    const asked = fleet({ sender: { id: 9, login: 'github-actions[bot]' }, runAs: { id: 7, login: 'octocat' } });
    const { commitMessage } = renderPullRequest(facts({ fleet: asked }));
    expect(commitMessage.match(/Co-authored-by/g)).toHaveLength(1);
    expect(commitMessage).toContain('octocat <7+octocat@');
  });

  test('stays within GitHub’s limits', () => {
    const wild = '🟥@x#1<!-- `|\n'.repeat(20_000);
    const text = renderPullRequest(
      facts({ title: wild, body: wild, fleet: fleet({ plan: plan(['a'], { inputs: { note: wild } }) }) }),
    );
    expect(text.title.length).toBeLessThanOrEqual(255);
    expect(text.body.length).toBeLessThanOrEqual(BODY_LIMIT - 100);
  });
});
