import { createHmac, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AppWorld } from '../story/app-world.ts';
import { APP } from '../story/start-app.ts';
import { bump, services, workflowFiles } from '../story/workflows.ts';
import { BOTH } from './both.ts';

const platform = { files: workflowFiles({ bump: bump('[{ tag: app }]', 'parallel: true') }) };
const COMMAND = '/fleet bump version=2.0';
const payload = { workflow: 'bump', inputs: { version: '2.0' } };

const signed = (body: string) => `sha256=${createHmac('sha256', APP.webhookSecret).update(body).digest('hex')}`;

const send = async (world: AppWorld, headers: Record<string, string>, body: string) => {
  const { 'content-length': _, host: __, connection: ___, 'transfer-encoding': ____, ...kept } = headers;
  return (await fetch(world.webhookUrl, { method: 'POST', headers: kept, body })).status;
};

describe.each(BOTH)('webhooks of %s', (_, open) => {
  it('are taken when they are signed with the secret, and the same delivery twice starts one fleet', async () => {
    const { world, github } = await open({ platform, repositories: services('one') });
    await world.comment('mona', COMMAND);
    const { headers, body } = github.delivery('issue_comment', COMMAND);
    expect(headers['x-hub-signature-256']).toBe(signed(body));
    expect(await send(world, headers, body)).toBe(200);
    await world.settle();
    expect(await world.fleets()).toHaveLength(1);
    expect(await world.trackingIssues()).toHaveLength(1);
    expect(new Set(github.answered('issue_comment'))).toEqual(new Set([200]));
  });

  it('signed with another secret are refused and start nothing', async () => {
    const secretAtGitHub = 'not the secret of the app';
    const { world, github } = await open({ secretAtGitHub, platform, repositories: services('one') });
    // The look for missed deliveries would ask for the refused one again: it is over before.
    await world.settle();
    const comment = await world.comment('mona', COMMAND);
    expect(github.answered('issue_comment')).toEqual([401]);
    await world.dispatch(payload, 'mona');
    expect(github.answered('repository_dispatch')).toEqual([401]);
    expect(await world.fleets()).toEqual([]);
    expect(await world.reactions(comment)).toEqual([]);
  });

  it('are refused when a byte was changed on the way, or the signature is missing', async () => {
    const { world, github } = await open({ platform, repositories: services('one') });
    await world.comment('mona', `${COMMAND} --plan`);
    const { headers, body } = github.delivery('issue_comment', COMMAND);
    const again = { ...headers, 'x-github-delivery': randomUUID() };
    const forged = body.replace('version=2.0', 'version=6.6');
    expect(await send(world, again, forged)).toBe(401);
    const { 'x-hub-signature-256': _signature, ...unsigned }: Record<string, string> = again;
    expect(await send(world, unsigned, body)).toBe(400);
    await world.settle();
    expect(await world.fleets()).toHaveLength(1);
    expect(await send(world, { ...again, 'x-hub-signature-256': signed(forged) }, forged)).toBe(200);
  });

  it('of a dispatch start the same fleet as a comment, once for an idempotency key', async () => {
    const { world, github } = await open({ platform, repositories: services('one', 'two') });
    await world.dispatch({ ...payload, idempotency_key: 'release-2.0' }, 'mona');
    await world.dispatch({ ...payload, idempotency_key: 'release-2.0' }, 'mona');
    expect(await world.fleets()).toMatchObject([{ door: 'dispatch', sender: { login: 'mona' } }]);
    expect((await world.tasks()).map(({ outcome }) => outcome)).toEqual(['changed', 'changed']);
    expect(await world.trackingIssues()).toHaveLength(1);
    expect(github.answered('repository_dispatch')).toEqual([200, 200]);
  });

  it('of a dispatch by a bot that is not listed start nothing; an issue says why', async () => {
    const { world } = await open({ platform, repositories: services('one') });
    await world.dispatch(payload);
    expect(await world.fleets()).toEqual([]);
    const issues = await world.trackingIssues();
    expect(issues).toHaveLength(1);
    expect(issues[0]?.body).toContain('`flotilla[bot]` is not a dispatcher for `bump`');
  });
});
