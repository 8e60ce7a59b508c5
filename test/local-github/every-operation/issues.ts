import { type Walk, withId, withNumber } from './walk.ts';

const api = '/repos/acme/alpha';

/** Issues with labels and assignees, by the app and by a person, closed for every reason and deleted. */
export async function walkIssues(walk: Walk): Promise<void> {
  const { ask, app, world } = walk;
  const full = { title: 'By the app', body: 'Hello', labels: ['fleet', { name: 'bug' }], assignees: ['octocat'] };
  const { number } = withNumber.parse(await ask(201, 'POST', `${api}/issues`, { token: app, body: full }));
  const issue = `${api}/issues/${number}`;
  await ask(201, 'POST', `${api}/issues`, { body: { title: 'By a person', assignee: 'octocat', milestone: null } });
  await ask(200, 'GET', `${api}/issues?state=all&labels=fleet,bug&sort=updated&direction=asc&per_page=1`);
  await ask(200, 'GET', `${api}/issues?creator=octocat&since=2020-01-01T00:00:00Z`, { token: app });
  await ask(200, 'GET', `${api}/issues?assignee=octocat&page=1`, { token: app });
  await ask(200, 'PATCH', issue, { token: app, body: { title: 'Renamed', body: 'New', labels: ['fleet'] } });
  await ask(200, 'PATCH', issue, { body: { assignees: [], body: null, milestone: null } });
  for (const reason of ['completed', 'not_planned', 'duplicate']) {
    await ask(200, 'PATCH', issue, { token: app, body: { state: 'closed', state_reason: reason } });
    await ask(200, 'GET', issue, { token: app });
    await ask(200, 'PATCH', issue, { body: { state: 'open', state_reason: 'reopened' } });
  }
  await ask(201, 'POST', `${issue}/assignees`, { token: app, body: { assignees: ['octocat'] } });
  const gone = withNumber.parse(await ask(201, 'POST', `${api}/issues`, { body: { title: 'Gone' } }));
  world.github.deleteIssue({ repository: 'acme/alpha', number: gone.number, by: 'octocat' });
  await ask(410, 'GET', `${api}/issues/${gone.number}`);
  await walkComments(walk, issue);
  await walkReactions(walk, issue);
  await walkLabels(walk, issue);
}

async function walkComments({ ask, app }: Walk, issue: string): Promise<void> {
  for (const token of [app, 'octocat', 'onlooker']) {
    const { id } = withId.parse(await ask(201, 'POST', `${issue}/comments`, { token, body: { body: '/fleet help' } }));
    const comment = `${api}/issues/comments/${id}`;
    await ask(200, 'GET', comment, { token });
    await ask(200, 'PATCH', comment, { token, body: { body: 'Edited' } });
    await walkReactions({ ask, app }, comment);
    if (token !== app) await ask(204, 'DELETE', comment, { token });
  }
  await ask(200, 'GET', `${issue}/comments?since=2020-01-01T00:00:00Z&per_page=1`, { token: app });
  await ask(200, 'GET', `${api}/issues/comments?sort=updated&direction=desc&per_page=1`, { token: app });
}

async function walkReactions({ ask, app }: Pick<Walk, 'ask' | 'app'>, subject: string): Promise<void> {
  for (const token of [app, 'octocat']) {
    const path = `${subject}/reactions`;
    const { id } = withId.parse(await ask(201, 'POST', path, { token, body: { content: 'eyes' } }));
    await ask(200, 'POST', path, { token, body: { content: 'eyes' } });
    await ask(200, 'GET', `${path}?content=eyes&per_page=1`, { token });
    await ask(200, 'GET', subject, { token });
    if (token === app) await ask(204, 'DELETE', `${path}/${id}`, { token });
  }
}

async function walkLabels({ ask, app }: Walk, issue: string): Promise<void> {
  const label = { name: 'needs review', color: 'd4c5f9', description: 'Somebody has to look' };
  await ask(201, 'POST', `${api}/labels`, { token: app, body: label });
  await ask(201, 'POST', `${api}/labels`, { body: { name: 'plain' } });
  await ask(200, 'GET', `${api}/labels?per_page=2`, { token: app });
  await ask(200, 'GET', `${api}/labels/needs%20review`, { token: app });
  await ask(200, 'POST', `${issue}/labels`, { token: app, body: { labels: ['plain', 'needs review'] } });
  await ask(200, 'POST', `${issue}/labels`, { body: { labels: [{ name: 'new one' }] } });
  await ask(200, 'GET', `${issue}/labels?per_page=1`, { token: app });
  await ask(200, 'DELETE', `${issue}/labels/needs%20review`, { token: app });
  await ask(200, 'PUT', `${issue}/labels`, { token: app, body: { labels: [{ name: 'fleet' }] } });
  await ask(200, 'PUT', `${issue}/labels`, { body: { labels: ['fleet', 'bug'] } });
}
