import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bump, services, workflowFiles } from '../story/workflows.ts';
import { appJwt, ask } from './both.ts';
import { jsonOf } from './exchange.ts';
import { openSecondWorld, type SecondWorld } from './world.ts';

/**
 * Where emulate and GitHub's published contract disagree, asked of emulate itself and not through the front. Each is a row of
 * docs/second-opinion.md; one that fails after an update of emulate is a row, and perhaps an adaptation, that can go.
 */
describe('emulate, unlike GitHub,', () => {
  let world: SecondWorld;
  const said = async (login: string, route: string, body?: object) => {
    const [method = '', path = ''] = route.split(' ');
    const answer = await world.front.judge.ask(world.tokens[login] ?? '', method, path, body);
    return { status: answer.status, headers: answer.headers, data: jsonOf(answer) };
  };
  const openPull = (head: string) =>
    said('mona', 'POST /repos/acme/one/pulls', { title: 'A change', head, base: 'main' });
  const installationToken = async () => {
    const route = `POST /app/installations/${world.installationId}/access_tokens`;
    return z.object({ token: z.string() }).parse((await ask(world, await appJwt(), route)).data).token;
  };

  beforeEach(async () => {
    world = await openSecondWorld({
      users: ['wanda', 'lisa'],
      platform: { files: workflowFiles({ bump: bump('[{ tag: app }]') }), collaborators: { wanda: 'write' } },
      repositories: services('one'),
    });
  });

  it('takes an unknown token for its first user', async () => {
    const answer = await world.front.judge.ask('ghp_made_up', 'GET', '/user');
    expect(jsonOf(answer)).toMatchObject({ login: 'olive' });
    expect(await ask(world, 'ghp_made_up', 'GET /user')).toMatchObject({ status: 401 });
  });

  it('takes a JWT that is good for longer than ten minutes, and refuses one of an unknown app with 401', async () => {
    expect((await ask(world, await appJwt({ expires: 3600 }), 'GET /app')).status).toBe(200);
    expect((await ask(world, await appJwt({ issuer: 99 }), 'GET /app')).status).toBe(401);
  });

  it('has no account of an app before its first write', async () => {
    expect(await said('mona', 'GET /users/flotilla%5Bbot%5D')).toMatchObject({ status: 404 });
  });

  it('says push where GitHub says write, and forbidden where GitHub says that it is not there', async () => {
    const path = 'GET /repos/acme/platform/collaborators/wanda/permission';
    expect(await said('mona', path)).toMatchObject({ data: { permission: 'push', role_name: 'write' } });
    expect(await said('lisa', 'GET /repos/acme/one')).toMatchObject({ status: 403 });
    expect(await said('mona', 'GET /repos/acme/one/collaborators/olive/permission')).toMatchObject({
      data: { permission: 'admin' },
    });
  });

  it('opens a pull request from a branch that is not there, and a second one from the same branch', async () => {
    expect(await openPull('nowhere')).toMatchObject({ status: 201 });
    expect(await openPull('nowhere')).toMatchObject({ status: 201, data: { number: 2 } });
  });

  it('keeps an open pull request at the head that it was opened with', async () => {
    await world.branch('one', 'topic');
    const opened = z.object({ head: z.object({ sha: z.string() }) }).parse((await openPull('topic')).data);
    await world.commit('mona', 'one', 'NEW', 'new\n', 'topic');
    expect(await said('mona', 'GET /repos/acme/one/pulls/1')).toMatchObject({ data: { head: opened.head } });
    expect((await world.pulls('one'))[0]?.head.sha).not.toBe(opened.head.sha);
  });

  it('knows no pull request as an issue, neither alone nor in the list', async () => {
    await openPull('topic');
    expect(await said('mona', 'GET /repos/acme/one/issues/1')).toMatchObject({ status: 404 });
    expect(await said('mona', 'GET /repos/acme/one/issues?state=all')).toMatchObject({ status: 200, data: [] });
  });

  it('lists all comments of an issue, whatever the time since', async () => {
    await world.say('mona', 'Hello');
    const path = '/repos/acme/platform/issues/1/comments?since=2999-01-01T00:00:00Z';
    expect((await said('mona', `GET ${path}`)).data).toHaveLength(1);
  });

  it('wants a type with every entry of a tree', async () => {
    const tree = [{ path: 'A', mode: '100644', content: 'a' }];
    expect(await said('mona', 'POST /repos/acme/one/git/trees', { tree })).toMatchObject({ status: 422 });
  });

  it('signs no commit that it makes', async () => {
    await world.commit('mona', 'one', 'NEW', 'new\n', 'main');
    expect(await said('mona', 'GET /repos/acme/one/commits/main')).toMatchObject({
      data: { commit: { verification: { verified: false } } },
    });
  });

  it('names a delivery by the millisecond, and links further pages below its own root', async () => {
    await world.say('mona', 'Hello');
    await world.front.deliveries.idle();
    expect(world.front.deliveries.all.at(-1)?.request.headers['x-github-delivery']).toMatch(/^\d{13}$/);
    await world.say('mona', 'Hello again');
    const { headers } = await said('mona', 'GET /repos/acme/platform/issues/1/comments?per_page=1');
    expect(headers.link).toMatch(/^<http:\/\/127\.0\.0\.1:\d+\/repos\//);
    const path = `${world.url}/api/v3/repos/acme/platform/issues/1/comments?per_page=1`;
    const through = await fetch(path, { headers: { authorization: `token ${world.tokens.mona}` } });
    expect(through.headers.get('link')).toContain(`<${world.url}/api/v3/repos/acme/platform/issues/1/comments?`);
  });

  it('lacks what the front adds', async () => {
    const token = await installationToken();
    const id = await world.say('mona', 'Hello');
    for (const [method, path] of [
      ['GET', '/installation/repositories'],
      ['DELETE', '/installation/token'],
      ['POST', `/repos/acme/platform/issues/comments/${id}/reactions`],
      ['POST', '/repos/acme/platform/dispatches'],
      ['POST', '/graphql'],
      ['GET', '/acme/one.git/info/refs'],
    ] as const) {
      expect((await world.front.judge.ask(token, method, path, method === 'POST' ? {} : undefined)).status, path).toBe(
        404,
      );
    }
  });
});
