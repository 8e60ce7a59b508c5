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
  await walkProperties(walk);
  await walkLists(walk);
  await walkPeople(walk);
  const body = { event_type: 'fleet', client_payload: { workflow: 'bump', inputs: { version: '2' } } };
  await ask(204, 'POST', '/repos/acme/alpha/dispatches', { token: app, body });
  await ask(204, 'POST', '/repos/octocat/tools/dispatches', { body: { event_type: 'fleet' } });
}

async function walkProperties({ ask, app }: Walk): Promise<void> {
  const path = '/repos/acme/alpha/properties/values';
  const properties = [
    { property_name: 'tier', value: 'two' },
    { property_name: 'teams', value: ['web'] },
  ];
  await ask(200, 'GET', path, { token: app });
  await ask(403, 'PATCH', path, { token: app, body: { properties } });
  await ask(204, 'PATCH', path, { body: { properties } });
  await ask(204, 'PATCH', path, { body: { properties: [{ property_name: 'tier', value: null }] } });
  await ask(200, 'GET', path);
  await ask(200, 'GET', '/orgs/acme/properties/schema');
  const body = { repository_names: ['alpha', 'open'], properties: [{ property_name: 'stage', value: 'stable' }] };
  await ask(204, 'PATCH', '/orgs/acme/properties/values', { token: 'chief', body });
}

async function walkLists({ ask, app }: Walk): Promise<void> {
  await ask(200, 'GET', '/orgs/acme/repos?type=private&sort=full_name&direction=desc&per_page=2&page=2');
  await ask(200, 'GET', '/orgs/acme/repos', { token: '' });
  await ask(200, 'GET', '/orgs/acme/repos?sort=updated', { token: app });
  await ask(200, 'GET', '/user/repos?affiliation=owner,organization_member&visibility=private&sort=pushed');
  await ask(200, 'GET', '/user/repos?type=member&per_page=1');
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
