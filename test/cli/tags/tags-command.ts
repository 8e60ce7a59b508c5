import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { watchedProcess } from '../../contract/watch/watched-process.ts';
import type { World } from '../../local-github/given-github.ts';

const BIN = join(import.meta.dirname, '..', '..', '..', 'bin', 'fleet.js');

interface Run {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** `fleet` of a person whose token is octocat's, against the local GitHub. */
export async function fleet(
  world: World,
  args: readonly string[],
  { env = {}, input = '', cwd }: { env?: Record<string, string>; input?: string; cwd?: string } = {},
): Promise<Run> {
  const given = { GH_TOKEN: 'octocat', GITHUB_TOKEN: '', GH_ENTERPRISE_TOKEN: '', GITHUB_ENTERPRISE_TOKEN: '', ...env };
  const { exitCode, stdout, stderr } = await execa(process.execPath, [BIN, ...args], {
    reject: false,
    input,
    env: { ...watchedProcess(), GHE_HOST: new URL(world.github.url).host, GHE_PROTOCOL: 'http', ...given },
    ...(cwd === undefined ? {} : { cwd }),
  });
  return { exitCode: exitCode ?? -1, stdout, stderr };
}

/** A folder with a `gh` that knows a token, and tells how it was asked. */
export function givenGh(token: string): { folder: string; asked: () => string } {
  const folder = givenFolder({ gh: `#!/bin/sh\necho "$@" > "$(dirname "$0")/asked"\necho '${token}'\n` });
  chmodSync(join(folder, 'gh'), 0o755);
  return { folder, asked: () => readFileSync(join(folder, 'asked'), 'utf8').trim() };
}

export function givenFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'fleet-tags-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}
