import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * One text file of an npm package, without installing it: the package of GitHub's description has 385 MB.
 * @param version a version or a tag such as `latest`
 * @throws Error with npm's or tar's words when there is no such version or file
 */
export async function readPackageFile(name: string, version: string, file: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'package-'));
  try {
    const packed = await run('npm', ['pack', '--loglevel=error', `${name}@${version}`], { cwd: folder });
    await run('tar', ['-xzf', packed.stdout.trim(), `package/${file}`], { cwd: folder });
    return await readFile(join(folder, 'package', file), 'utf8');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
