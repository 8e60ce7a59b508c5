import type { Context } from '../context.ts';
import { isPull, reactionsOf } from '../state/queries.ts';
import type { Account, Issue, Label, Reaction, ReactionContent } from '../state/records.ts';
import { type Html, html } from './html.ts';

/** `3 minutes ago`, with the exact time in UTC behind it. */
export function timeAgo(context: Context, at: number): Html {
  const seconds = Math.max(0, Math.round((context.now() - at) / 1000));
  const iso = new Date(at).toISOString();
  return html`<time datetime="${iso}" title="${iso}">${spell(seconds)}</time>`;
}

function spell(seconds: number): string {
  if (seconds < 45) return 'just now';
  const units = [
    ['year', 31_536_000],
    ['month', 2_592_000],
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ] as const;
  const [unit, size] = units.find(([, length]) => seconds >= length) ?? (['minute', 60] as const);
  const count = Math.max(1, Math.floor(seconds / size));
  return `${count} ${unit}${count === 1 ? '' : 's'} ago`;
}

export function avatar(account: Account, size: 'small' | 'large' = 'small'): Html {
  return html`<img class="avatar ${size}" src="/avatars/u/${account.id}" alt="">`;
}

/** The name as a link, with a badge for apps. */
export function authorName(account: Account): Html {
  const bot = account.type === 'Bot';
  const login = bot ? account.login.replace(/\[bot\]$/, '') : account.login;
  return html`<a class="author" href="/${encodeURIComponent(account.login)}">${login}</a>${bot && html` <span class="badge">bot</span>`}`;
}

export function stateOf(issue: Issue): { word: string; style: string } {
  if (isPull(issue)) {
    if (issue.pull.mergedAt !== null) return { word: 'Merged', style: 'merged' };
    if (issue.state === 'closed') return { word: 'Closed', style: 'rejected' };
    return issue.pull.draft ? { word: 'Draft', style: 'draft' } : { word: 'Open', style: 'open' };
  }
  if (issue.state === 'open') return { word: 'Open', style: 'open' };
  return issue.stateReason === 'not_planned'
    ? { word: 'Not planned', style: 'draft' }
    : { word: 'Closed', style: 'merged' };
}

export function statePill(issue: Issue): Html {
  const { word, style } = stateOf(issue);
  return html`<span class="state ${style}">${word}</span>`;
}

export function labelChip(label: Label): Html {
  // The colour is chosen by whoever made the label; inline styles are refused, so the chip shows only the name.
  return html`<span class="label">${label.name}</span>`;
}

const faces: Readonly<Record<ReactionContent, string>> = {
  '+1': '👍',
  '-1': '👎',
  laugh: '😄',
  confused: '😕',
  heart: '❤️',
  hooray: '🎉',
  rocket: '🚀',
  eyes: '👀',
};

/** One chip per kind of reaction, with who reacted behind it; nothing when nobody did. */
export function reactionChips(context: Context, subject: Reaction['subject'], subjectId: number): Html | null {
  const reactions = reactionsOf(context.state, subject, subjectId);
  if (reactions.length === 0) return null;
  const kinds = [...new Set(reactions.map((reaction) => reaction.content))];
  return html`<div class="reactions">${kinds.map((kind) => {
    const who = reactions.filter((reaction) => reaction.content === kind);
    const names = who.map((reaction) => context.state.accounts.need(reaction.authorId).login).join(', ');
    return html`<span class="reaction" title="${kind}: ${names}">${faces[kind]} ${who.length}</span>`;
  })}</div>`;
}

export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
