import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseWorkflow } from '../../../../src/core/workflow/parse-workflow.ts';
import { insteadOfArchonKey } from '../../../../src/core/workflow/read/archon-keys.ts';

const GUIDE = readFileSync(join(import.meta.dirname, '../../../../docs/guides/from-archon.md'), 'utf8');

/** Names in the first column of the rows that say `not`, without what stands behind a dot. */
function refusedKeys(section: string): string[] {
  const from = GUIDE.indexOf(`\n${section}\n`);
  const table = GUIDE.slice(from, GUIDE.indexOf('\n#', from + section.length + 1));
  const rows = table.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  return rows.flatMap(([, names = '', here = '']) =>
    here.startsWith('not') && !/ of /.test(names)
      ? [...names.matchAll(/`([A-Za-z_]+)[^`]*`/g)].map(([, name = '']) => name)
      : [],
  );
}

/** They stand in a row together with the key whose parts they are. */
const WITHIN_OTHERS = ['description', 'prompt', 'tools', 'disallowedTools', 'maxTurns', 'shared'];

describe('a key of Archon that is refused gets a hint of its own', () => {
  it.each(refusedKeys('## Workflow keys'))('for a workflow: %s', (key) => {
    expect(insteadOfArchonKey([], key)).toBeDefined();
  });

  it.each(refusedKeys('## Node fields').filter((key) => !WITHIN_OTHERS.includes(key)))('for a node: %s', (key) => {
    expect(insteadOfArchonKey(['nodes', 0], key)).toBeDefined();
  });

  it('finds the rows at all', () => {
    expect(refusedKeys('## Workflow keys')).toContain('returns');
    expect(refusedKeys('## Node fields')).toContain('allowed_tools');
  });

  it.each([
    ['provider: claude\nnodes: [{ id: a, bash: x }]', 'default_agent'],
    ['nodes: [{ id: a, prompt: x, model: large }]', 'agent: opencode'],
    ['nodes: [{ id: a, bash: x, retry: { max_attempts: 2, delay_ms: 5000 } }]', 'delay: 5s'],
    ['nodes: [{ id: a, loop: { prompt: x, until: D, max_iterations: 2, interactive: true } }]', 'approval'],
    ['nodes: [{ id: a, bash: x, with: { b: c } }]', '`env`'],
  ])('%j', (text, hint) => {
    const parsed = parseWorkflow(`name: a\n${text}`, 'x.yml');
    expect(parsed.ok ? [] : parsed.faults).toMatchObject([{ hint: expect.stringContaining(hint) }]);
  });
});
