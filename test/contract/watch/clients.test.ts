import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** Files of the product in which the pattern stands, but for the local GitHub's, which is nobody's client. */
function filesWith(pattern: RegExp): string[] {
  return globSync('src/**/*.ts', { cwd: ROOT })
    .filter((file) => !file.startsWith('src/local-github/') && pattern.test(readFileSync(join(ROOT, file), 'utf8')))
    .toSorted();
}

test('every client of GitHub is made where its requests are announced, so that none goes unwatched', () => {
  expect(filesWith(/\bnew (Probot)?Octokit\b/)).toEqual(['src/platform/github/client.ts']);
  // Probot's own client sends nothing while the server runs; its setup page asks for the new app's credentials.
  expect(filesWith(/\bnew Probot\b|import \{[^}]*\brun\b[^}]*\} from 'probot'/)).toEqual([
    'src/edge/serve.ts',
    'src/edge/setup.ts',
  ]);
});

test('nothing else speaks HTTP, but with Flotilla itself, and where GitHub publishes no description of it', () => {
  expect(filesWith(/(?<![.\w])fetch\(|\bhttps?\.request\(|from '(undici|node:https)'/)).toEqual([
    // The command line with a server, and with GitHub's sign-in and token service, which are no part of its API.
    'src/cli/client/actions-tokens.ts',
    'src/cli/client/device-flow.ts',
    'src/cli/client/login.ts',
    'src/cli/client/server.ts',
    'src/cli/doctor/check-server.ts',
    'src/edge/setup.ts',
    // The keys of the token service.
    'src/platform/github/callers/signing-keys.ts',
    'src/rehearse/give-command.ts',
    'src/rehearse/start-app.ts',
  ]);
});
