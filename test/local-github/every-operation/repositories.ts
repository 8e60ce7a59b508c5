import type { Walk } from './walk.ts';

/** Repositories of every kind, their settings, topics, people and dispatches. */
export async function walkRepositories(walk: Walk): Promise<void> {
  const { ask, app } = walk;
  for (const name of ['alpha', 'open', 'inner', 'old', 'hollow', 'quiet']) {
    await ask(200, 'GET', `/repos/acme/${name}`, { token: app });
    await ask(200, 'GET', `/repos/acme/${name}`);
  }
  for (const name of ['alpha', 'tools']) await ask(200, 'GET', `/repos/octocat/${name}`);
  await ask(200, 'GET', '/repos/acme/open', { token: '' });
  await walkSettings(walk);
  await ask(200, 'PUT', '/repos/acme/alpha/topics', { token: app, body: { names: ['platform-my-app', 'lang-go'] } });
  await ask(200, 'GET', '/repos/acme/alpha/topics?per_page=100&page=1', { token: app });
  await walkPeople(walk);
  const body = { event_type: 'fleet', client_payload: { workflow: 'bump', inputs: { version: '2' } } };
  await ask(204, 'POST', '/repos/acme/alpha/dispatches', { token: app, body });
  await ask(204, 'POST', '/repos/octocat/tools/dispatches', { body: { event_type: 'fleet' } });
}

async function walkSettings({ ask, app }: Walk): Promise<void> {
  const path = '/repos/acme/inner';
  const settings = {
    description: 'Settings',
    homepage: 'https://inner.example.com',
    has_issues: true,
    default_branch: 'main',
    allow_merge_commit: false,
    allow_squash_merge: true,
    allow_rebase_merge: true,
    delete_branch_on_merge: true,
  };
  await ask(200, 'PATCH', path, { token: app, body: settings });
  await ask(200, 'PATCH', path, { body: { visibility: 'private' } });
  await ask(200, 'PATCH', path, { body: { private: false } });
  await ask(200, 'PATCH', path, { body: { private: true } });
  await ask(200, 'PATCH', path, { body: { archived: true } });
  await ask(200, 'PATCH', path, { body: { archived: false } });
  await ask(200, 'PATCH', '/repos/acme/moving', { body: { name: 'moved' } });
  await ask(301, 'GET', '/repos/acme/moving');
  await ask(307, 'PATCH', '/repos/acme/moving', { body: { description: 'x' } });
  await ask(301, 'GET', '/repos/acme/moving/branches/main');
  await ask(204, 'DELETE', '/repos/acme/moved');
  await ask(404, 'GET', '/repos/acme/moving');
}

async function walkPeople({ ask, app }: Walk): Promise<void> {
  const path = '/repos/acme/open/collaborators';
  await ask(204, 'PUT', `${path}/onlooker`, { token: app, body: { permission: 'triage' } });
  await ask(204, 'PUT', `${path}/onlooker`, { body: {} });
  await ask(200, 'GET', `${path}?affiliation=all&per_page=1`, { token: app });
  await ask(200, 'GET', `${path}?permission=push&page=1`);
  await ask(204, 'GET', `${path}/onlooker`, { token: app });
  for (const login of ['octocat', 'onlooker', 'flotilla%5Bbot%5D']) {
    await ask(200, 'GET', `${path}/${login}/permission`, { token: app });
  }
  await ask(204, 'DELETE', `${path}/onlooker`, { token: app });
}
