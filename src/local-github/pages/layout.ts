import type { Context } from '../context.ts';
import { fullName, isPull, issuesOf } from '../state/queries.ts';
import type { Repository } from '../state/records.ts';
import { type Html, html } from './html.ts';
import { repositoryPath } from './names.ts';

/** A whole page. */
export function page(title: string, body: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Local GitHub</title>
<link rel="stylesheet" href="/-/style.css">
<link rel="icon" href="/-/icon.svg">
</head>
<body>
<header class="top"><a class="brand" href="/"><img src="/-/icon.svg" alt="">Local GitHub</a>
<nav><a href="/">Repositories</a><a href="/pulls">Pull requests</a></nav>
<span class="note">a stand-in for github.com on this machine</span></header>
${body}
</body>
</html>
`.text;
}

export type Tab = 'code' | 'issues' | 'pulls';

/** A page of one repository, with its head and its tabs. */
export function repositoryPage(context: Context, repository: Repository, tab: Tab, title: string, body: Html): string {
  const { state } = context;
  const path = repositoryPath(context, repository);
  const owner = state.accounts.need(repository.ownerId);
  const open = issuesOf(state, repository.id).filter((issue) => issue.state === 'open');
  const pulls = open.filter(isPull).length;
  const tabs = [
    { tab: 'code', href: path, name: 'Code', count: null },
    { tab: 'issues', href: `${path}/issues`, name: 'Issues', count: open.length - pulls },
    { tab: 'pulls', href: `${path}/pulls`, name: 'Pull requests', count: pulls },
  ];
  return page(
    `${title} · ${fullName(state, repository)}`,
    html`<div class="repository-head"><h1><a href="/${encodeURIComponent(owner.login)}">${owner.login}</a> / <a class="strong" href="${path}">${repository.name}</a> ${facts(repository)}</h1>
<nav class="tabs">${tabs.map(
      (entry) =>
        html`<a href="${entry.href}"${entry.tab === tab && html` class="current" aria-current="page"`}>${entry.name}${
          entry.count !== null && entry.count > 0 && html` <span class="count">${entry.count}</span>`
        }</a>`,
    )}</nav></div>
<main>${body}</main>`,
  );
}

/** Visibility and what else sets a repository apart. */
export function facts(repository: Repository): Html {
  const words = [
    repository.visibility,
    ...(repository.archived ? ['archived'] : []),
    ...(repository.fork ? ['fork'] : []),
    ...(repository.disabled ? ['disabled'] : []),
    ...(repository.empty ? ['empty'] : []),
  ];
  return html`${words.map((word) => html`<span class="fact ${word}">${word}</span>`)}`;
}
