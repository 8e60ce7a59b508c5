import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMPILE_CACHE } from '../../compile-cache.ts';
import { printDescription } from '../kept/description.ts';
import { readKeptDescription, readKeptPermissions } from '../kept/read-kept.ts';

const folder = mkdtempSync(join(tmpdir(), 'registry-'));
const bin = join(folder, 'bin');

/** A registry on disk: an npm that can only pack, and only these versions. */
beforeAll(() => {
  mkdirSync(bin);
  const npm = `#!/bin/sh
for package; do :; done
file=$(echo "$package" | tr '@/' '__').tgz
[ -f "${folder}/$file" ] || { echo "npm error notarget No matching version found for $package." >&2; exit 1; }
cp "${folder}/$file" . && echo "$file"
`;
  writeFileSync(join(bin, 'npm'), npm, { mode: 0o755 });
  const kept = readKeptDescription();
  const paths = Object.fromEntries(Object.entries(kept.paths).filter(([path]) => path !== '/rate_limit'));
  const openapi = 'generated/api.github.com.json';
  publish('@octokit/openapi@1.0.0', openapi, printDescription(kept));
  publish('@octokit/openapi@1.1.0', openapi, printDescription({ ...kept, paths, version: '1.1.0' }));
  const manifest = findPackageJSON('@octokit/graphql-schema', import.meta.url) ?? '';
  const schema = readFileSync(join(dirname(manifest), 'schema.graphql'), 'utf8');
  publish('@octokit/graphql-schema@latest', 'schema.graphql', schema);
  publish('@octokit/graphql-schema@1.1.0', 'schema.graphql', 'type Query { viewer: String }');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function publish(spec: string, file: string, content: string): void {
  const source = mkdtempSync(join(folder, 'source-'));
  mkdirSync(dirname(join(source, 'package', file)), { recursive: true });
  writeFileSync(join(source, 'package', file), content);
  const archive = join(folder, `${spec.replaceAll('@', '_').replaceAll('/', '_')}.tgz`);
  execFileSync('tar', ['-czf', archive, '-C', source, 'package']);
}

function watch(args: readonly string[], path = `${bin}:${process.env.PATH}`) {
  const script = join(import.meta.dirname, 'watch-upgrade.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...COMPILE_CACHE, PATH: path },
  });
  return { status, lines: stdout.trim().split('\n'), stderr: stderr.trim() };
}

/** Permission data in GitHub's shape; `access` says otherwise for some operations. */
function permissionsFile(name: string, access: (operation: string) => string | undefined = () => undefined): string {
  const entries = Object.entries(readKeptPermissions().operations).flatMap(([operation, needed]) => {
    const [verb = '', requestPath = ''] = operation.split(' ');
    return needed.map((one) => ({
      group: one.permission,
      verb: verb.toLowerCase(),
      requestPath,
      access: access(operation) ?? one.access,
      'server-to-server': true,
      'additional-permissions': one.additional,
    }));
  });
  const groups = Object.entries(Object.groupBy(entries, ({ group }) => group));
  const file = join(folder, name);
  writeFileSync(
    file,
    JSON.stringify(Object.fromEntries(groups.map(([group, permissions]) => [group, { permissions }]))),
  );
  return file;
}

describe('the exit status', () => {
  test('is 0 when nothing changed', () => {
    const { status, lines, stderr } = watch(['1.0.0', '--permissions', permissionsFile('same.json')]);
    expect(stderr).toBe('');
    expect(lines.at(-1)).toBe('Nothing changed.');
    expect(status).toBe(0);
  });

  test('is 1 when an operation is gone, a document no longer fits and a permission is another, each of which is told', () => {
    const permissions = permissionsFile('changed.json', (operation) =>
      operation === 'GET /repos/{owner}/{repo}' ? 'admin' : undefined,
    );
    const { status, lines } = watch(['1.1.0', '--graphql', '1.1.0', '--permissions', permissions]);
    expect(lines).toContain('  GET /rate_limit (request): operation is gone — #/paths/~1rate_limit/get');
    expect(lines.join('\n')).toContain('query targets (GraphQL): Cannot query field "repository" on type "Query".');
    expect(lines).toContain('  GET /repos/{owner}/{repo} (permissions): metadata:read → metadata:admin');
    expect(lines.at(-1)).toMatch(/^\d+ changes: \d+ breaks requests\.$/);
    expect(status).toBe(1);
  });

  test('is 2 without such a version, and what else changed is told all the same', () => {
    const { status, lines, stderr } = watch(['9.9.9', '--graphql', '1.1.0']);
    expect(stderr).toMatch(/^Could not look for changes: .*@octokit\/openapi@9\.9\.9.*\.$/);
    expect(lines.at(-1)).toMatch(/^\d+ changes: \d+ breaks requests\.$/);
    expect(status).toBe(2);
  });

  test('is 2 without npm', () => {
    const { status, lines, stderr } = watch(['1.0.0'], '/nonexistent');
    expect(stderr).toBe('Could not look for changes: npm is not there.');
    expect(lines).toEqual(['']);
    expect(status).toBe(2);
  });
});
