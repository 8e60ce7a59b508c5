import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nodeFolders } from '../../../src/platform/sandbox/system-mounts.ts';

let prefix: string;
beforeEach(() => {
  prefix = mkdtempSync(join(tmpdir(), 'flotilla-node-'));
});
afterEach(() => rmSync(prefix, { recursive: true }));

it('a box has Node with its npm, and nothing else that lies beside it', () => {
  for (const folder of ['bin', 'lib/node_modules/npm', 'share/keyrings']) {
    mkdirSync(join(prefix, folder), { recursive: true });
  }
  expect(nodeFolders(join(prefix, 'bin', 'node'))).toEqual([join(prefix, 'bin'), join(prefix, 'lib', 'node_modules')]);
});

it('a box has a Node that lies in no folder of programs, without that folder', () => {
  writeFileSync(join(prefix, 'node'), '');
  expect(nodeFolders(join(prefix, 'node'))).toEqual([join(prefix, 'node')]);
});
