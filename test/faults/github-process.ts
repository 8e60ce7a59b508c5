/** The local GitHub as a process of its own: `node github-process.ts <folder>`, with `seed.json` in it. Says where it is in one line of JSON. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSeed } from '../../src/local-github/seed/seed.ts';
import { startLocalGitHub } from '../../src/local-github/server.ts';

const folder = process.argv[2];
if (folder === undefined) throw new Error('github-process.ts needs a folder with a seed.json.');
const seed: unknown = JSON.parse(readFileSync(join(folder, 'seed.json'), 'utf8'));
const github = await startLocalGitHub({
  dataDir: join(folder, 'github'),
  log: (line) => process.stderr.write(`${line}\n`),
});
await github.seed(parseSeed(seed));
const { id, privateKeyFile, webhookSecret } = github.app;
process.stdout.write(
  `${JSON.stringify({ url: github.url, tokens: github.tokens, appId: id, privateKeyFile, webhookSecret })}\n`,
);
process.once('SIGTERM', () => void github.close().then(() => process.exit(0)));
