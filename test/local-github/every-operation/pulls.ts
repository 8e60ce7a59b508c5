import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { editPull } from '../../../src/local-github/operations/edit-pull.ts';
import { accountByLogin, isPull, issueByNumber, repositoryByName } from '../../../src/local-github/state/queries.ts';
import { type Walk, withNumber } from './walk.ts';

const api = '/repos/acme/alpha';

/** Pull requests: open, draft, of a fork, edited, pushed to, closed, reopened and merged. */
export async function walkPulls(walk: Walk): Promise<void> {
  const { ask, app, world } = walk;
  await pushBranches(walk);
  const body = { title: 'Bump', body: 'Why', head: 'one', base: 'main', draft: true, maintainer_can_modify: true };
  const { number } = withNumber.parse(await ask(201, 'POST', `${api}/pulls`, { token: app, body }));
  await convert(walk, number, false);
  await convert(walk, number, true);
  await convert(walk, number, false);
  const pull = `${api}/pulls/${number}`;
  await ask(201, 'POST', `${api}/pulls`, { body: { title: 'Of a fork', head: 'octocat:forked', base: 'main' } });
  await world.git('-C', 'alpha', 'push', '-q', world.remote('acme/alpha', app), 'two:one');
  await ask(200, 'GET', pull, { token: app });
  await ask(200, 'GET', pull, { token: app, headers: { accept: 'application/vnd.github.diff' } });
  await ask(200, 'GET', pull, { token: app, headers: { accept: 'application/vnd.github.patch' } });
  await ask(200, 'GET', `${pull}/files?per_page=1`, { token: app });
  await ask(200, 'GET', `${pull}/commits?per_page=1`, { token: app });
  await ask(200, 'PATCH', pull, { token: app, body: { title: 'New title', body: '', base: 'main' } });
  await ask(200, 'PATCH', pull, { body: { state: 'closed' } });
  await ask(200, 'GET', pull, { token: app });
  await ask(200, 'PATCH', pull, { token: app, body: { state: 'open', maintainer_can_modify: false } });
  await ask(201, 'POST', `${pull}/requested_reviewers`, { token: app, body: { reviewers: ['onlooker'] } });
  await walkAsIssue(walk, number);
  await ask(404, 'GET', `${pull}/merge`, { token: app });
  const merge = { commit_title: 'Merged', commit_message: 'By hand', merge_method: 'squash' };
  await ask(200, 'PUT', `${pull}/merge`, { token: app, body: merge });
  await ask(204, 'GET', `${pull}/merge`, { token: app });
  await ask(200, 'GET', pull, { token: app });
  await ask(200, 'GET', `${api}/pulls?state=all&sort=updated&direction=desc&per_page=1`, { token: app });
  await ask(200, 'GET', `${api}/pulls?state=open&head=octocat:forked&base=main`, { token: app });
}

/** Two commits for a branch here, and one for a branch of the fork. */
async function pushBranches({ world, app }: Walk): Promise<void> {
  await world.git('clone', '-q', world.remote('acme/alpha', app), 'alpha');
  const git = (...args: string[]) => world.git('-C', 'alpha', ...args);
  for (const branch of ['one', 'two']) {
    await git('checkout', '-q', '-b', branch);
    await writeFile(join(world.directory, 'alpha', `${branch}.txt`), `${branch}\n`);
    await writeFile(join(world.directory, 'alpha', 'picture.bin'), Buffer.from([0, 1, branch.length, 255]));
    await git('mv', branch === 'one' ? 'README.md' : 'READ ME.md', branch === 'one' ? 'READ ME.md' : 'README.txt');
    await git('add', '-A');
    await git('commit', '-qm', branch);
  }
  await git('push', '-q', 'origin', 'one');
  await git('push', '-q', world.remote('octocat/alpha', 'octocat'), 'two:forked');
}

/** What on GitHub only the page and GraphQL can do. */
async function convert({ world }: Walk, number: number, draft: boolean): Promise<void> {
  const { context } = world.github;
  const repository = repositoryByName(context.state, 'acme', 'alpha');
  const account = accountByLogin(context.state, 'octocat');
  const issue = repository === undefined ? undefined : issueByNumber(context.state, repository.id, number);
  if (repository === undefined || account === undefined || issue === undefined || !isPull(issue)) {
    throw new Error(`acme/alpha#${number} is no pull request.`);
  }
  await editPull(context, { account, app: null }, repository, issue, { draft });
}

/** A pull request's conversation, labels and assignees are reached as an issue's. */
async function walkAsIssue({ ask, app }: Walk, number: number): Promise<void> {
  const issue = `${api}/issues/${number}`;
  const changes = { title: 'As an issue', labels: ['fleet'], assignees: ['octocat'] };
  await ask(200, 'PATCH', issue, { token: app, body: changes });
  await ask(200, 'GET', issue, { token: app });
  await ask(201, 'POST', `${issue}/comments`, { token: app, body: { body: 'On a pull request' } });
  await ask(201, 'POST', `${issue}/assignees`, { body: { assignees: ['onlooker'] } });
  await ask(200, 'POST', `${issue}/labels`, { token: app, body: { labels: ['bug'] } });
  await ask(201, 'POST', `${issue}/reactions`, { body: { content: 'rocket' } });
  await ask(200, 'GET', `${api}/issues?state=all`, { token: app });
}
