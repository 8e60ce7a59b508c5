/**
 * The local GitHub as a process of its own: `node github-process.ts <folder>`, with `seed.json` in it. Says where it is
 * in one line of JSON, and does what its parent asks: tells what was asked of it, fails, and is well again.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSeed } from '../../src/local-github/seed/seed.ts';
import { startLocalGitHub } from '../../src/local-github/server.ts';
import type { RequestSeen, ToGitHub } from './start-github.ts';

/** More than any run asks. */
const REQUESTS_KEPT = 1_000_000;

const folder = process.argv[2];
if (folder === undefined) throw new Error('github-process.ts needs a folder with a seed.json.');
const seed: unknown = JSON.parse(readFileSync(join(folder, 'seed.json'), 'utf8'));
const github = await startLocalGitHub({
  dataDir: join(folder, 'github'),
  log: (line) => process.stderr.write(`${line}\n`),
  requestsKept: REQUESTS_KEPT,
});
await github.seed(parseSeed(seed));
const { id, privateKeyFile, webhookSecret } = github.app;
process.stdout.write(
  `${JSON.stringify({ url: github.url, tokens: github.tokens, appId: id, privateKeyFile, webhookSecret })}\n`,
);
process.on('message', (message: ToGitHub) => process.send?.(carryOut(message)));
process.once('SIGTERM', () => void github.close().then(() => process.exit(0)));

function carryOut(message: ToGitHub): object {
  switch (message.ask) {
    case 'requests':
      return github.requests.all().map(seen);
    case 'fail':
      github.failures.next(message.failure);
      return [];
    case 'be_well':
      github.failures.clear();
      return [];
  }
}

function seen({ route, path, status, actor, at, body }: ReturnType<typeof github.requests.all>[number]): RequestSeen {
  const bytes = body === undefined ? 0 : Buffer.byteLength(JSON.stringify(body));
  return { route, path, status, actor, at, bytes };
}
