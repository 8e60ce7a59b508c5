import { execa } from 'execa';
import { personTokenOf } from '../../config.ts';
import { TagsError } from './tags-error.ts';

const GH_TIMEOUT_MS = 10_000;

/**
 * The person's own token: a variable's, else the one that gh keeps. Never the app's, which so needs no permission to
 * administer repositories. Throws TagsError where there is none.
 * @param webUrl of GitHub
 */
export async function personToken(webUrl: string): Promise<string> {
  const { host } = new URL(webUrl);
  const enterprise = host !== 'github.com';
  const token = personTokenOf(enterprise) ?? (await tokenOfGh(enterprise ? host : null));
  if (token === null) throw new TagsError(noToken(enterprise ? host : null));
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new TagsError('The token in GH_TOKEN or GITHUB_TOKEN has spaces or other characters that no token has.');
}

/** null: gh is not there, or knows none for the host. */
async function tokenOfGh(host: string | null): Promise<string | null> {
  const args = ['auth', 'token', ...(host === null ? [] : ['--hostname', host])];
  const options = { reject: false, stdin: 'ignore', timeout: GH_TIMEOUT_MS } as const;
  const { exitCode, stdout } = await execa('gh', args, options);
  return exitCode === 0 && stdout.trim() !== '' ? stdout.trim() : null;
}

function noToken(host: string | null): string {
  const login = host === null ? 'gh auth login' : `gh auth login --hostname ${host}`;
  return `There is no token of yours for ${host ?? 'github.com'}. Run \`${login}\`, or set GH_TOKEN. Topics need the role admin or maintain on the repositories, a fine-grained token "Administration: write".`;
}
