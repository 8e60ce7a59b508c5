import { z } from 'zod';
import { RehearseError } from './options.ts';

const MAINTENANCE_ISSUE = 1;

export interface GivenCommand {
  /** Bodies of what was answered so far, oldest first. */
  answers(): Promise<string[]>;
  url: string;
}

const comments = z.array(z.object({ body: z.string(), user: z.object({ type: z.string() }) }));

/** Posts the comment as the sender, the way a person would. */
export async function giveCommand(options: {
  gitHubUrl: string;
  control: string;
  token: string;
  text: string;
}): Promise<GivenCommand> {
  const { gitHubUrl, control, token, text } = options;
  const path = `${gitHubUrl}/api/v3/repos/${control}/issues/${MAINTENANCE_ISSUE}/comments`;
  const headers = { authorization: `token ${token}`, accept: 'application/vnd.github+json' };
  const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify({ body: text }) });
  if (!response.ok) {
    throw new RehearseError(`The local GitHub refused the comment (${response.status}): ${await response.text()}`);
  }
  return {
    url: `${gitHubUrl}/${control}/issues/${MAINTENANCE_ISSUE}`,
    async answers() {
      const listed = comments.parse(await (await fetch(`${path}?per_page=100`, { headers })).json());
      return listed.filter(({ user }) => user.type === 'Bot').map(({ body }) => body);
    },
  };
}

/** The comment's text: words with spaces get quotes. */
export function commandText(workflow: string, words: readonly string[]): string {
  return ['/fleet', workflow, ...words.map(quoted)].join(' ');
}

/** What the grammar takes for a quote includes the curly ones, so they need straight quotes around them. */
function quoted(word: string): string {
  if (word !== '' && !/[\s"'“”„‟‘’‚‛]/u.test(word)) return word;
  const at = word.indexOf('=');
  if (at === -1) return quoteValue(word);
  return `${word.slice(0, at + 1)}${quoteValue(word.slice(at + 1))}`;
}

function quoteValue(value: string): string {
  if (!value.includes('"')) return `"${value}"`;
  if (!value.includes("'")) return `'${value}'`;
  throw new RehearseError(`A value with both kinds of quotes cannot be written in a comment: ${JSON.stringify(value)}`);
}
