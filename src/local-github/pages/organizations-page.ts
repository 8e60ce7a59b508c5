import type { Context } from '../context.ts';
import { isPull, issuesOf } from '../state/queries.ts';
import type { Account, Repository } from '../state/records.ts';
import { type Html, html } from './html.ts';
import { facts, page } from './layout.ts';
import { repositoryPath } from './names.ts';
import { avatar, countOf, timeAgo } from './parts.ts';

/** `/`: every owner of repositories. */
export function organizationsPage(context: Context): string {
  const owners = context.state.accounts
    .all()
    .map((account) => ({ account, repositories: repositoriesOf(context, account) }))
    .filter(({ repositories }) => repositories.length > 0);
  return page(
    'Repositories',
    html`<main>${owners.length === 0 && html`<p class="blank">There are no repositories yet.</p>`}
${owners.map(({ account, repositories }) => section(context, account, repositories))}</main>`,
  );
}

/** `/{login}`: one account and what it owns. */
export function accountPage(context: Context, account: Account): string {
  const repositories = repositoriesOf(context, account);
  return page(
    account.login,
    html`<main>${section(context, account, repositories)}${
      repositories.length === 0 && html`<p class="blank">${account.login} owns no repositories.</p>`
    }</main>`,
  );
}

function repositoriesOf(context: Context, account: Account): Repository[] {
  return context.state.repositories
    .where((repository) => repository.ownerId === account.id)
    .sort((a, b) => a.name.localeCompare(b.name));
}

function section(context: Context, account: Account, repositories: readonly Repository[]): Html {
  return html`<section><h2 class="owner">${avatar(account, 'large')} <a href="/${encodeURIComponent(account.login)}">${account.login}</a>
<span class="muted">${account.name} ${countOf(repositories.length, 'repository', 'repositories')}</span></h2>
<ul class="box rows">${repositories.map((repository) => row(context, repository))}</ul></section>`;
}

function row(context: Context, repository: Repository): Html {
  const open = issuesOf(context.state, repository.id).filter((issue) => issue.state === 'open');
  const pulls = open.filter(isPull).length;
  const path = repositoryPath(context, repository);
  return html`<li><div class="grow"><a class="title" href="${path}">${repository.name}</a> ${facts(repository)}
<div class="muted">${repository.description}</div>${topics(repository)}</div>
<div class="side muted"><a href="${path}/issues">${countOf(open.length - pulls, 'issue')}</a> · <a href="${path}/pulls">${countOf(pulls, 'pull request')}</a><br>
pushed ${timeAgo(context, repository.pushedAt)}</div></li>`;
}

export function topics(repository: Repository): Html | null {
  if (repository.topics.length === 0) return null;
  return html`<div class="topics">${repository.topics.map((topic) => html`<span class="topic">${topic}</span>`)}</div>`;
}
