import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { copyIndex } from '../../../src/platform/git/decoy.ts';

it('makes no copy of an index that looks younger than the original, which would hide changes from git', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-index-'));
  const [from, to] = [join(folder, 'from'), join(folder, 'to')];
  writeFileSync(from, 'index');
  utimesSync(from, 1_700_000_000.9, 1_700_000_000.9);
  await copyIndex(from, to);
  expect(statSync(to).mtimeMs).toBe(1_700_000_000_000);
  rmSync(folder, { recursive: true });
});
