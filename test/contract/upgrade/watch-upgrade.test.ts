import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
    env: { ...process.env, PATH: path },
  });
  return { status, lines: stdout.trim().split('\n'), stderr: stderr.trim() };
}

describe('the exit status', () => {
  test('is 0 when nothing changed', () => {
    const { status, lines, stderr } = watch(['1.0.0']);
    expect(stderr).toBe('');
    expect(lines.at(-1)).toBe('Nothing changed.');
    expect(status).toBe(0);
  });

  test('is 1 when an operation is gone, which is told', () => {
    const { status, lines } = watch(['1.1.0']);
    expect(lines).toContain('  GET /rate_limit (request): operation is gone — #/paths/~1rate_limit/get');
    expect(lines.at(-1)).toBe('1 change: 1 breaks requests.');
    expect(status).toBe(1);
  });

  test('is 1 when a GraphQL document no longer fits', () => {
    const { status, lines } = watch(['1.0.0', '--graphql', '1.1.0']);
    expect(lines.join('\n')).toContain('query targets (GraphQL): Cannot query field "repository" on type "Query".');
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

test('a newer file of permissions is compared with the kept one', () => {
  const { operations } = readKeptPermissions();
  const data = (access: (operation: string) => string | undefined) =>
    Object.entries(operations).flatMap(([operation, needed]) => {
      const [verb = '', requestPath = ''] = operation.split(' ');
      return needed.map((one) => [
        one.permission,
        {
          verb: verb.toLowerCase(),
          requestPath,
          access: access(operation) ?? one.access,
          'server-to-server': true,
          'additional-permissions': one.additional,
        },
      ]);
    });
  const write = (name: string, entries: ReturnType<typeof data>): string => {
    const groups = Object.groupBy(entries, ([permission]) => String(permission));
    const file = join(folder, name);
    const content = Object.entries(groups).map(([permission, group = []]) => [
      permission,
      { permissions: group.map(([, entry]) => entry) },
    ]);
    writeFileSync(file, JSON.stringify(Object.fromEntries(content)));
    return file;
  };
  const same = write(
    'same.json',
    data(() => undefined),
  );
  const changed = write(
    'changed.json',
    data((operation) => (operation === 'GET /repos/{owner}/{repo}' ? 'admin' : undefined)),
  );
  expect(watch(['1.0.0', '--permissions', same]).status).toBe(0);
  expect(watch(['1.0.0', '--permissions', changed]).lines).toContain(
    '  GET /repos/{owner}/{repo} (permissions): metadata:read → metadata:admin',
  );
});
