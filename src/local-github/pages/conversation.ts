import { roleIsAtLeast, roleOf } from '../access/permissions.ts';
import type { Context } from '../context.ts';
import { commentsOf } from '../state/queries.ts';
import type { Account, Issue, Reaction, Repository } from '../state/records.ts';
import { type Html, html } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import { issuePath, referencesIn } from './names.ts';
import { authorName, avatar, reactionChips, timeAgo } from './parts.ts';
import { bodyVersion, editors } from './post-task.ts';

interface Entry {
  anchor: string | null;
  author: Account;
  createdAt: number;
  updatedAt: number;
  body: string;
  subject: Reaction['subject'];
  subjectId: number;
  /** Whose boxes can be clicked: an issue's body alone. */
  tasksOf: Issue | null;
}

/** The body, the comments and the box for a new one. */
export function conversation(context: Context, repository: Repository, issue: Issue): Html {
  const { state } = context;
  const entries: Entry[] = [
    {
      anchor: null,
      author: state.accounts.need(issue.authorId),
      createdAt: issue.createdAt,
      updatedAt: issue.createdAt,
      body: issue.body ?? '',
      subject: 'issue',
      subjectId: issue.id,
      tasksOf: issue,
    },
    ...commentsOf(state, issue.id).map(
      (comment): Entry => ({
        anchor: `issuecomment-${comment.id}`,
        author: state.accounts.need(comment.authorId),
        createdAt: comment.createdAt,
        updatedAt: comment.updatedAt,
        body: comment.body,
        subject: 'comment',
        subjectId: comment.id,
        tasksOf: null,
      }),
    ),
  ];
  return html`<div class="conversation">${entries.map((entry) => comment(context, repository, entry))}
${commentBox(context, repository, issue)}</div>`;
}

function comment(context: Context, repository: Repository, entry: Entry): Html {
  const text =
    entry.body.trim() === '' ? html`<p class="muted">No description provided.</p>` : textOf(context, repository, entry);
  return html`<article class="comment"${entry.anchor !== null && html` id="${entry.anchor}"`}>${avatar(entry.author, 'large')}
<div class="box"><div class="box-head">${authorName(entry.author)} <span class="muted">${
    entry.anchor === null ? 'opened' : html`<a href="#${entry.anchor}">commented</a>`
  } ${timeAgo(context, entry.createdAt)}${entry.updatedAt > entry.createdAt && ' · edited'}</span></div>
<div class="box-body">${text}${reactionChips(context, entry.subject, entry.subjectId)}</div></div></article>`;
}

/** Boxes of task lists are buttons of one form, in which one chooses who clicks. */
function textOf(context: Context, repository: Repository, { body, tasksOf }: Entry): Html {
  const references = referencesIn(context, repository);
  const people = tasksOf === null ? [] : editors(context, repository, tasksOf);
  const text = renderMarkdown(body, 'comment', references, { clickableTasks: people.length > 0 });
  if (tasksOf === null || !text.text.includes('<button class="task-box"')) return text;
  return html`<form class="tasks" method="post" action="${issuePath(context, tasksOf)}/tasks">
<input type="hidden" name="token" value="${context.pageKey.formToken}"><input type="hidden" name="version" value="${bodyVersion(tasksOf)}">
<p class="muted"><label>Tick boxes as <select name="as">${people.map(
    ({ login }) => html`<option value="${login}">${login}</option>`,
  )}</select></label></p>
${text}</form>`;
}

/** People who may comment: those who can read the repository, writers first. */
export function commenters(context: Context, repository: Repository): Account[] {
  const { state } = context;
  const writes = (account: Account): boolean => roleIsAtLeast(roleOf(state, account, repository), 'write');
  return state.accounts
    .where((account) => account.type === 'User' && roleOf(state, account, repository) !== 'none')
    .sort((a, b) => Number(writes(b)) - Number(writes(a)));
}

function commentBox(context: Context, repository: Repository, issue: Issue): Html {
  if (repository.archived) return html`<p class="blank">This repository is archived: nobody can comment.</p>`;
  if (issue.locked) return html`<p class="blank">This conversation is locked.</p>`;
  const people = commenters(context, repository);
  if (people.length === 0) return html`<p class="blank">Nobody here can comment on this repository.</p>`;
  const role = (account: Account) => roleOf(context.state, account, repository);
  return html`<form class="box composer" method="post" action="${issuePath(context, issue)}/comments">
<input type="hidden" name="token" value="${context.pageKey.formToken}">
<div class="box-head"><label>Comment as <select name="as">${people.map(
    (account) => html`<option value="${account.login}">${account.login} (${role(account)})</option>`,
  )}</select></label></div>
<textarea name="body" rows="4" required aria-label="Comment" placeholder="/fleet help"></textarea>
<div class="actions"><button type="submit">Comment</button></div></form>`;
}
