import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createGitHub } from '../../src/platform/github/create-github.ts';
import type { AppWorld } from '../story/app-world.ts';
import { APP, newPrivateKey } from '../story/start-app.ts';
import { bump, services, workflowFiles } from '../story/workflows.ts';
import { appJwt, ask, BOTH } from './both.ts';
import { runGit } from './run-git.ts';

const platform = { files: workflowFiles({ bump: bump('[{ tag: app }]', 'parallel: true') }) };

const idOf = async (world: AppWorld, repository: string) =>
  z.object({ id: z.number() }).parse(await world.api('mona', 'GET', `/repos/acme/${repository}`)).id;

describe.each(BOTH)('authentication at %s', (_, open) => {
  it('the app is known by its JWT, and by that of no other key', async () => {
    const { world } = await open();
    await expect(world.app.identity()).resolves.toMatchObject({ slug: 'flotilla', botLogin: 'flotilla[bot]' });
    const impostor = createGitHub({
      appId: APP.id,
      privateKey: newPrivateKey(),
      apiUrl: `${world.url}/api/v3`,
      webUrl: world.url,
      log: pino({ level: 'silent' }),
      clock: world.clock,
    });
    await expect(impostor.identity()).rejects.toMatchObject({ kind: 'refused', status: 401 });
    await expect(impostor.gitToken(world.installationId, 1, 'read')).rejects.toMatchObject({ status: 401 });
  });

  it('a JWT that has expired, or is of an unknown app, or was changed, is refused', async () => {
    const { world } = await open();
    expect(await ask(world, await appJwt(), 'GET /app')).toMatchObject({ status: 200, data: { id: APP.id } });
    expect((await ask(world, await appJwt({ issuedAt: -1200, expires: -600 }), 'GET /app')).status).toBe(401);
    expect([401, 404]).toContain((await ask(world, await appJwt({ issuer: 99 }), 'GET /app')).status);
    const [head, , signature] = (await appJwt({ expires: -600, issuedAt: -1200 })).split('.');
    const [, claims] = (await appJwt()).split('.');
    expect((await ask(world, `${head}.${claims}.${signature}`, 'GET /app')).status).toBe(401);
  });

  it('a token that writes reaches its repository alone, one that reads reaches all, and each no more than it was minted for', async () => {
    const { world } = await open({ repositories: services('one', 'two') });
    const one = await idOf(world, 'one');
    const read = await world.app.gitToken(world.installationId, one, 'read');
    const write = await world.app.gitToken(world.installationId, one, 'write');
    const status = async (token: string, route: string, body?: object) => (await ask(world, token, route, body)).status;

    expect(await status(read, 'GET /repos/acme/one/contents/VERSION')).toBe(200);
    expect(await status(read, 'GET /repos/acme/two/contents/VERSION')).toBe(200);
    expect(await status(write, 'GET /repos/acme/two/contents/VERSION')).toBe(404);
    expect(await status(read, 'GET /repos/acme/one/issues')).toBe(403);
    expect(await status(read, 'POST /repos/acme/one/git/blobs', { content: 'x' })).toBe(403);
    expect(await status(write, 'POST /repos/acme/one/git/blobs', { content: 'x' })).toBe(201);
    expect(await status(write, 'POST /repos/acme/two/git/blobs', { content: 'x' })).toBe(404);
    expect(await ask(world, write, 'GET /installation/repositories')).toMatchObject({
      data: { total_count: 1, repositories: [{ full_name: 'acme/one' }] },
    });
    expect(await status(read, 'DELETE /installation/token')).toBe(204);
    expect(await status(read, 'GET /repos/acme/one/contents/VERSION')).toBe(401);
    expect(await status(write, 'GET /repos/acme/one/contents/VERSION')).toBe(200);
  });

  it('git takes the same token for the same repositories and the same access', async () => {
    const { world } = await open({ repositories: services('one', 'two') });
    const one = await idOf(world, 'one');
    const read = await world.app.gitToken(world.installationId, one, 'read');
    const write = await world.app.gitToken(world.installationId, one, 'write');
    const urlOf = (repository: string, token: string) =>
      `${world.app.cloneUrl(`acme/${repository}`).replace('//', `//x-access-token:${token}@`)}`;

    const clone = join(world.folder, 'clone');
    await runGit(['clone', '--quiet', urlOf('one', read), clone]);
    await runGit(['ls-remote', urlOf('two', read)]);
    await expect(runGit(['ls-remote', urlOf('two', write)])).rejects.toThrow(/not found/i);
    await expect(runGit(['ls-remote', urlOf('one', 'ghs_made_up')])).rejects.toThrow(/Authentication failed|terminal/i);
    const push = (token: string, what: string) => runGit(['-C', clone, 'push', urlOf('one', token), what]);
    await expect(push(read, 'HEAD:refs/heads/mine')).rejects.toThrow(/403/);
    await push(write, 'HEAD:refs/heads/mine');
    expect(await world.file('one', 'VERSION', 'mine')).toBe('1.0\n');
    await push(write, ':refs/heads/mine');
    expect(await world.file('one', 'VERSION', 'mine')).toBeUndefined();
  });

  it('no token is minted for more than the installation has', async () => {
    const { world } = await open({ repositories: services('one') });
    const route = `POST /app/installations/${world.installationId}/access_tokens`;
    const mint = async (body: object) => (await ask(world, await appJwt(), route, body)).status;
    expect(await mint({ permissions: { contents: 'read' } })).toBe(201);
    expect(await mint({ permissions: { administration: 'write' } })).toBe(422);
    expect(await mint({ permissions: { metadata: 'write' } })).toBe(422);
    expect(await mint({ repository_ids: [999_999] })).toBe(422);
    expect((await ask(world, await appJwt(), route.replace(/\d+/, '99'))).status).toBe(404);
    await expect(world.app.gitToken(world.installationId, 999_999, 'write')).rejects.toMatchObject({ status: 422 });
  });

  it('a token that is refused is replaced by a fresh one, for the API and for git', async () => {
    const { world, github } = await open({ platform, repositories: services('one') });
    const minted = () => github.count('POST', /\/access_tokens$/);
    await world.comment('mona', '/fleet bump version=2.0');
    const before = minted();
    await world.comment('mona', '/fleet bump version=3.0');
    expect(minted()).toBe(before);
    github.forgetTokens();
    await world.comment('mona', '/fleet bump version=4.0');

    expect((await world.tasks()).map(({ outcome, reason }) => outcome ?? reason)).toEqual(['changed']);
    expect(await world.file('one', 'VERSION', 'fleet/bump-4.0')).toBe('4.0\n');
    // One for the API and one to push with; and one to ask where branches are, where GraphQL did not tell.
    expect([2, 3]).toContain(minted() - before);
  });
});
