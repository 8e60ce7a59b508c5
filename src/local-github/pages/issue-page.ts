import type { Context } from '../context.ts';
import { commentsOf, isPull, issuesOf } from '../state/queries.ts';
import type { Issue, Repository } from '../state/records.ts';
import { conversation } from './conversation.ts';
import { type Html, html } from './html.ts';
import { repositoryPage } from './layout.ts';
import { issuePath, repositoryPath } from './names.ts';
import { authorName, countOf, labelChip, statePill, timeAgo } from './parts.ts';

/** `/{owner}/{repo}/issues` and `/pulls`. */
export function issueListPage(
  context: Context,
  repository: Repository,
  kind: 'issues' | 'pulls',
  state: 'open' | 'closed',
): string {
  const all = issuesOf(context.state, repository.id).filter((issue) => isPull(issue) === (kind === 'pulls'));
  const chosen = all.filter((issue) => issue.state === state).reverse();
  const path = `${repositoryPath(context, repository)}/${kind}`;
  const choice = (value: 'open' | 'closed'): Html => {
    const count = all.filter((issue) => issue.state === value).length;
    return html`<a href="${path}?state=${value}"${value === state && html` class="strong" aria-current="page"`}>${count} ${value}</a>`;
  };
  const words = kind === 'pulls' ? 'pull requests' : 'issues';
  const body = html`<div class="box"><div class="box-head">${choice('open')} ${choice('closed')}</div>
${chosen.length === 0 ? html`<p class="blank">There are no ${state} ${words}.</p>` : issueRows(context, chosen)}</div>`;
  return repositoryPage(context, repository, kind, kind === 'pulls' ? 'Pull requests' : 'Issues', body);
}

function issueRows(context: Context, issues: readonly Issue[]): Html {
  return html`<ul class="rows">${issues.map((issue) => {
    const author = context.state.accounts.need(issue.authorId);
    const comments = commentsOf(context.state, issue.id).length;
    return html`<li>${statePill(issue)}<div class="grow"><a class="title" href="${issuePath(context, issue)}">${issue.title}</a> ${labels(context, issue)}
<div class="muted">#${issue.number} opened ${timeAgo(context, issue.createdAt)} by ${authorName(author)}${
      isPull(issue) && html` · <span class="branch">${issue.pull.headRef}</span>`
    }</div></div>${comments > 0 && html`<div class="side muted">${countOf(comments, 'comment')}</div>`}</li>`;
  })}</ul>`;
}

export function labels(context: Context, issue: Issue): Html {
  return html`${issue.labelIds.map((id) => labelChip(context.state.labels.need(id)))}`;
}

/** `/{owner}/{repo}/issues/{number}`. */
export function issuePage(context: Context, repository: Repository, issue: Issue): string {
  const author = context.state.accounts.need(issue.authorId);
  const comments = commentsOf(context.state, issue.id).length;
  const body = html`<h2 class="subject">${issue.title} <span class="muted">#${issue.number}</span></h2>
<p class="lead">${statePill(issue)} ${authorName(author)} <span class="muted">opened this issue ${timeAgo(context, issue.createdAt)} · ${countOf(comments, 'comment')}</span> ${labels(context, issue)}</p>
${conversation(context, repository, issue)}`;
  return repositoryPage(context, repository, 'issues', `${issue.title} #${issue.number}`, body);
}
