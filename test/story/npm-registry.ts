import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';

/** A registry on loopback that real npm asks. `packages`: name to versions; each version exports its own number. */
export async function startRegistry(packages: Readonly<Record<string, readonly string[]>>): Promise<string> {
  const server = createServer((request, response) => {
    const url = `http://${request.headers.host}`;
    const [name = '', file] = decodeURIComponent(request.url ?? '')
      .slice(1)
      .split('/-/');
    const versions = packages[name];
    const version = file?.replace('.tgz', '');
    if (versions === undefined) response.writeHead(404).end('{}');
    else if (version === undefined) response.end(JSON.stringify(packument(url, name, versions)));
    else response.end(tarball(name, version));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  onTestFinished(() => server.closeAllConnections());
  const { port } = addressOf(server.address());
  return `http://127.0.0.1:${port}/`;
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('The registry does not listen.');
  return address;
}

/** What a registry says of a package: https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md */
function packument(url: string, name: string, versions: readonly string[]): object {
  const each = versions.map((version) => {
    const integrity = `sha512-${createHash('sha512').update(tarball(name, version)).digest('base64')}`;
    return [version, { name, version, dist: { tarball: `${url}/${name}/-/${version}.tgz`, integrity } }];
  });
  return { name, 'dist-tags': { latest: versions.at(-1) }, versions: Object.fromEntries(each) };
}

const tarballs = new Map<string, Buffer>();

function tarball(name: string, version: string): Buffer {
  const known = tarballs.get(`${name}@${version}`);
  if (known !== undefined) return known;
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-package-'));
  mkdirSync(join(folder, 'package'));
  writeFileSync(join(folder, 'package', 'package.json'), JSON.stringify({ name, version }));
  writeFileSync(join(folder, 'package', 'index.js'), `module.exports = '${version}';\n`);
  const made = execFileSync('tar', ['-czf', '-', '-C', folder, 'package']);
  rmSync(folder, { recursive: true });
  tarballs.set(`${name}@${version}`, made);
  return made;
}

/** The package-lock.json that npm itself makes of these files. */
export async function npmLockfile(files: Readonly<Record<string, string>>): Promise<string> {
  const cwd = mkdtempSync(join(tmpdir(), 'flotilla-npm-'));
  for (const [path, text] of Object.entries(files)) writeFileSync(join(cwd, path), text);
  const env = { PATH: [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter), HOME: cwd };
  await execa('npm', ['install', '--package-lock-only', '--no-audit', '--no-fund'], { cwd, env, extendEnv: false });
  const lockfile = readFileSync(join(cwd, 'package-lock.json'), 'utf8');
  rmSync(cwd, { recursive: true });
  return lockfile;
}
