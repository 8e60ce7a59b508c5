import type { Context } from '../context.ts';
import { fullName, isPull } from '../state/queries.ts';
import type { Pull } from '../state/records.ts';
import { type Html, html } from './html.ts';
import { page } from './layout.ts';
import { issuePath, repositoryPath } from './names.ts';
import { authorName, countOf, stateOf, statePill, timeAgo } from './parts.ts';

/** `/pulls`: all pull requests, those on the same branch together; the newest branch first. */
export function branchesPage(context: Context): string {
  const groups = new Map<string, Pull[]>();
  for (const issue of context.state.issues.all()) {
    if (!isPull(issue)) continue;
    const group = groups.get(issue.pull.headRef) ?? [];
    groups.set(issue.pull.headRef, [...group, issue]);
  }
  const sections = [...groups].reverse().map(([branch, pulls]) => section(context, branch, pulls));
  return page(
    'Pull requests',
    html`<main><h2>Pull requests by branch</h2>${
      sections.length === 0 ? html`<p class="blank">There are no pull requests yet.</p>` : sections
    }</main>`,
  );
}

function section(context: Context, branch: string, pulls: readonly Pull[]): Html {
  const words = pulls.map((pull) => stateOf(pull).word.toLowerCase());
  const counts = [...new Set(words)].map((word) => `${words.filter((other) => other === word).length} ${word}`);
  const rows = [...pulls].sort((a, b) => nameOf(context, a).localeCompare(nameOf(context, b)));
  return html`<section class="box"><div class="box-head"><span class="branch">${branch}</span> <span class="grow"></span><span class="muted">${countOf(pulls.length, 'pull request')}: ${counts.join(', ')}</span></div>
<ul class="rows">${rows.map((issue) => {
    const repository = context.state.repositories.need(issue.repositoryId);
    const author = context.state.accounts.need(issue.authorId);
    return html`<li>${statePill(issue)}<div class="grow"><a class="muted" href="${repositoryPath(context, repository)}">${nameOf(context, issue)}</a> <a class="title" href="${issuePath(context, issue)}">${issue.title}</a>
<div class="muted">#${issue.number} opened ${timeAgo(context, issue.createdAt)} by ${authorName(author)}</div></div></li>`;
  })}</ul></section>`;
}

function nameOf(context: Context, pull: Pull): string {
  return fullName(context.state, context.state.repositories.need(pull.repositoryId));
}
