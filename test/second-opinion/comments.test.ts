import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bump, services, workflowFiles } from '../story/workflows.ts';
import { BOTH } from './both.ts';

const platform = { files: workflowFiles({ bump: bump('[{ tag: app }]', 'parallel: true') }) };

describe.each(BOTH)('a comment at %s', (_, open) => {
  it('with a command is answered by reactions, a reply and a tracking issue that is kept and closed', async () => {
    const { world, github } = await open({ platform, repositories: services('one', 'two') });
    const comment = await world.comment('mona', '/fleet bump version=2.0');

    expect((await world.reactions(comment)).sort()).toEqual(['eyes', 'rocket']);
    const [issue, ...others] = await world.trackingIssues();
    expect(others).toEqual([]);
    expect(issue).toMatchObject({ title: '[fleet] bump version=2.0 (2 repositories)', state: 'closed' });
    for (const repository of ['one', 'two']) expect(issue?.body).toContain(`/acme/${repository}/pull/1`);
    const replies = await world.answers();
    expect(replies).toHaveLength(1);
    expect(replies[0]).toContain(`/acme/platform/issues/${issue?.number}`);
    expect(await world.answers(issue?.number)).toHaveLength(1);
    expect(github.count('POST', /^\/repos\/acme\/platform\/issues$/)).toBe(1);
    expect(github.count('PATCH', new RegExp(`/issues/${issue?.number}$`))).toBeGreaterThan(1);
  });

  it('leaves the tracking issue open where a repository failed, with the reason', async () => {
    const picky = bump('[{ tag: app }]').replace('bash: ', 'bash: test "$SERVICE_NAME" != two && ');
    const files = workflowFiles({ bump: picky });
    const { world } = await open({ platform: { files }, repositories: services('one', 'two') });
    await world.comment('mona', '/fleet bump version=2.0');
    const [issue] = await world.trackingIssues();
    expect(issue?.state).toBe('open');
    expect(issue?.body).toContain('Command failed');
    expect(await world.pulls('two')).toEqual([]);
  });

  it('of somebody who may only read gets one reaction and no text', async () => {
    const { world } = await open({
      users: ['lisa'],
      platform: { ...platform, collaborators: { lisa: 'read' } },
      repositories: services('one'),
    });
    const comment = await world.comment('lisa', '/fleet bump version=2.0');
    expect(await world.reactions(comment)).toEqual(['confused']);
    expect(await world.answers()).toEqual([]);
    expect(await world.fleets()).toEqual([]);
    expect(await world.trackingIssues()).toEqual([]);
  });

  it('leaves out a target to which its author could not push', async () => {
    const two = { name: 'two', topics: ['app'], collaborators: { mona: 'read' as const } };
    const { world, github } = await open({ platform, repositories: [...services('one'), two] });
    await world.comment('mona', '/fleet bump version=2.0');
    const { plan } = await world.fleet();
    expect(plan.targets.map(({ repository }) => repository)).toEqual(['acme/one']);
    expect(plan.leftOut).toMatchObject([{ repository: 'acme/two', reason: 'no_permission' }]);
    expect(github.count('POST', /graphql$/)).toBeGreaterThan(0);
  });

  it('that cannot be carried out is answered with what is wrong', async () => {
    const { world } = await open({ platform, repositories: services('one') });
    const comment = await world.comment('mona', '/fleet bmp version=2.0');
    expect((await world.reactions(comment)).sort()).toEqual(['confused', 'eyes']);
    const answers = await world.answers();
    expect(answers).toHaveLength(1);
    expect(answers[0]).toContain('`bump`');
  });

  it('by the app itself, or edited into a command, starts nothing', async () => {
    const { world, github } = await open({ platform, repositories: services('one') });
    const command = '/fleet bump version=2.0';
    await world.app.writes(world.installationId).createComment('acme/platform', 1, command);
    const edited = await world.comment('mona', 'Hello');
    await world.api('mona', 'PATCH', `/repos/acme/platform/issues/comments/${edited}`, { body: command });
    await world.settle();
    expect(github.answered('issue_comment')).toEqual([200, 200, 200]);
    expect(await world.fleets()).toEqual([]);
    expect(await world.reactions(edited)).toEqual([]);
  });

  it('on a pull request is a command as well, by whoever may write', async () => {
    const collaborators = { wanda: 'write' as const };
    const { world } = await open({
      users: ['wanda'],
      platform: { ...platform, collaborators },
      repositories: [{ name: 'one', topics: ['app'], collaborators }],
    });
    await world.branch('platform', 'topic');
    await world.commit('wanda', 'platform', 'NEW', 'new\n', 'topic');
    const pull = { title: 'A change', head: 'topic', base: 'main' };
    const { number } = z
      .object({ number: z.number() })
      .parse(await world.api('wanda', 'POST', '/repos/acme/platform/pulls', pull));
    await world.comment('wanda', '/fleet bump version=2.0', { issue: number });
    expect(await world.answers(number)).toHaveLength(1);
    expect((await world.tasks()).map(({ outcome }) => outcome)).toEqual(['changed']);
  });
});
