import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const SRC = resolve(import.meta.dirname, '../src');
const CONTRACT = 'store/contract';

/** docs/architecture.md, as data: what a room may import besides itself. A path names one file. */
const TABLE: Readonly<Record<string, readonly string[]>> = {
  core: [],
  ports: ['core'],
  store: ['core', 'ports'],
  platform: ['core', 'ports'],
  fleet: ['core', 'ports', CONTRACT],
  effects: ['core', 'ports', CONTRACT],
  report: ['core', 'ports', CONTRACT, 'effects'],
  worker: ['core', 'ports', CONTRACT, 'effects'],
  engine: ['core', 'ports', CONTRACT],
  sweep: ['core', 'ports', CONTRACT],
  edge: ['core', 'ports', CONTRACT, 'fleet'],
  rehearse: ['core', 'ports', 'local-github'],
  'local-github': [],
};
/** The process, the command line and what wires them: these know every room. */
const TOP = ['index.ts', 'main.ts', 'cli.ts', 'cli', 'config.ts', 'operator.ts', 'flotilla.ts'];
const PACKAGES_OF_CORE = ['ajv', 'zod', 'picomatch', 're2js', 'yaml', 'node:crypto', 'node:util'];

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const imports = new Map(files.map((file) => [file, importsOf(file)]));

function importsOf(file: string): { inside: string[]; packages: string[] } {
  const text = readFileSync(join(SRC, file), 'utf8');
  const specifiers = [...text.matchAll(/(?:^|\n)\s*(?:import|export)\s(?:[^'";]*?\sfrom\s)?['"]([^'"]+)['"]/g)].map(
    ([, specifier]) => specifier ?? '',
  );
  const dynamic = [...text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)].map(([, specifier]) => specifier ?? '');
  const all = [...specifiers, ...dynamic];
  return {
    inside: all
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => relative(SRC, resolve(dirname(join(SRC, file)), specifier))),
    packages: all.filter((specifier) => !specifier.startsWith('.')),
  };
}

const roomOf = (file: string): string => file.split('/')[0] ?? file;

function mayImport(from: string, to: string): boolean {
  const room = roomOf(from);
  if (TOP.includes(room) || roomOf(to) === room) return true;
  return (TABLE[room] ?? []).some((allowed) => roomOf(to) === allowed || to.startsWith(`${allowed}/`));
}

describe('the import table', () => {
  it('knows every room', () => {
    const unknown = [...new Set(files.map(roomOf))].filter((room) => !(room in TABLE) && !TOP.includes(room));
    expect(unknown).toEqual([]);
  });

  it('holds: data flows one way', () => {
    const faults = [...imports].flatMap(([from, { inside }]) =>
      inside.filter((to) => !mayImport(from, to)).map((to) => `${from} imports ${to}`),
    );
    expect(faults).toEqual([]);
  });

  it('sees the imports at all', () => {
    expect(imports.get('flotilla.ts')?.inside).toContain('worker/work-task.ts');
    expect(mayImport('core/plan.ts', 'platform/data-lock.ts')).toBe(false);
    expect(mayImport('fleet/submit.ts', 'store/sqlite/open.ts')).toBe(false);
  });

  it('keeps core pure', () => {
    const faults = [...imports].flatMap(([from, { packages }]) =>
      roomOf(from) === 'core'
        ? packages.filter((name) => !PACKAGES_OF_CORE.includes(name)).map((name) => `${from} imports ${name}`)
        : [],
    );
    expect(faults).toEqual([]);
  });

  it('has no cycle', () => {
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      if (path.includes(file) || done.has(file)) return;
      for (const next of imports.get(file)?.inside ?? []) visit(next, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it('reads the environment in one file', () => {
    const readers = files.filter((file) => /\bprocess\.env\b/.test(readFileSync(join(SRC, file), 'utf8')));
    expect(readers).toEqual(['config.ts']);
  });
});

describe('the runtime', () => {
  it('is the Node 24 that npm ci brings', () => {
    expect(process.versions.node.split('.')[0]).toBe('24');
  });
});
