import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readPermissionData } from './read-permission-data.ts';

function givenFile(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'permissions-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'permissions.json');
  writeFileSync(file, text);
  return file;
}

test('a file that names none of our operations is refused, not taken for a world without permissions', async () => {
  const file = givenFile('{"issues": {"permissions": []}}');
  await expect(readPermissionData(file, ['GET /repos/{owner}/{repo}/issues'])).rejects.toThrow(
    'names none of our operations',
  );
});

test('a page instead of the raw file is refused by name', async () => {
  const file = givenFile('<!doctype html>');
  await expect(readPermissionData(file, [])).rejects.toThrow(`${file} is no JSON; give the raw`);
});
