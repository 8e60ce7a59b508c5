import { gitHubAddress } from '../../config.ts';
import { createPersonClient } from '../../platform/github/client.ts';
import { createRepositoryTags, type RepositoryTags } from '../../platform/github/tags/repository-tags.ts';
import type { Log } from '../../ports/log.ts';
import { personToken } from './person-token.ts';
import { TagsError } from './tags-error.ts';

const nothing = () => {};
const QUIET: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** GitHub, asked as the person who runs the command. Throws TagsError where there is no token, or GHE_HOST is wrong. */
export async function openTags(): Promise<RepositoryTags> {
  const address = gitHubAddress();
  if (address.mode === 'faults') {
    const lines = address.faults.map(({ variable, problem, remedy }) => `${variable} ${problem}. ${remedy}`);
    throw new TagsError(lines.join('\n'));
  }
  const { apiUrl, webUrl } = address;
  const token = await personToken(webUrl);
  return createRepositoryTags(createPersonClient({ apiUrl, log: QUIET, clock: { now: Date.now } }, token));
}
