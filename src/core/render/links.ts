import type { Person } from '../plan.ts';
import { plainLine, safeText } from './safe-text.ts';

/** A link by Markdown; the label is neutralized, the address cannot leave its parentheses. */
export function link(label: string, url: string): string {
  return `[${safeText(label, 200)}](${address(url)})`;
}

/** Cannot leave the parentheses of its link or the cell of its table, nor begin a code span that does. */
function address(url: string): string {
  const encoded = url.toWellFormed().replace(/[^!-~]|[()<>|\\`]/gu, percentEncoded);
  return encoded.slice(0, 1_000).replace(/%[0-9a-f]?$/i, '');
}

/** Parentheses too, which encodeURIComponent leaves alone. */
function percentEncoded(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x80 ? `%${code.toString(16).padStart(2, '0')}` : encodeURIComponent(character);
}

/** A real link: the pull request shows that the tracking issue points to it. */
export function pullRequestLink({ number, url }: { number: number; url: string }): string {
  return `[#${number}](${address(url)})`;
}

/** A person by name without a live mention. */
export function personLink(person: Pick<Person, 'login'>, webUrl: string): string {
  const page = person.login.endsWith('[bot]') ? `apps/${person.login.slice(0, -5)}` : person.login;
  return link(person.login, `${webUrl}/${page}`);
}

export function repositoryLink(repository: string, webUrl: string): string {
  return link(repository, `${webUrl}/${plainLine(repository, 200)}`);
}

export function commentUrl(repository: string, at: { issueNumber: number; commentId: number }, webUrl: string): string {
  return `${webUrl}/${repository}/issues/${at.issueNumber}#issuecomment-${at.commentId}`;
}

/**
 * A link that leaves no entry in the timeline of the issue that it points to: on github.com by redirect.github.com,
 * elsewhere no such host is known and it is the plain link.
 */
export function quietLink(label: string, url: string): string {
  return link(label, url.replace(/^https:\/\/github\.com\//, 'https://redirect.github.com/'));
}
