import { chmodSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dataFolder } from '../../src/rehearse/data-folder.ts';
import { RehearseError } from '../../src/rehearse/options.ts';
import { givenFolder, write } from './given-folder.ts';

test('without a wish there is a new folder', async () => {
  const folder = await dataFolder(null);
  expect(existsSync(folder)).toBe(true);
  rmSync(folder, { recursive: true });
});

test('a folder that does not exist yet, or holds other things, is taken', async () => {
  const folder = givenFolder();
  expect(await dataFolder(join(folder, 'new'))).toBe(join(folder, 'new'));
  mkdirSync(join(folder, 'sample'));
  expect(await dataFolder(folder)).toBe(folder);
});

test('what is kept there is for its owner alone, also in a folder that was open', async () => {
  const modeOf = (path: string) => statSync(path).mode & 0o777;
  const folder = givenFolder();
  expect(modeOf(await dataFolder(join(folder, 'new')))).toBe(0o700);
  mkdirSync(join(folder, 'old'));
  write(join(folder, 'old', 'app.log'), '');
  chmodSync(join(folder, 'old'), 0o755);
  expect(modeOf(await dataFolder(join(folder, 'old')))).toBe(0o700);
});

test('a folder with an earlier rehearsal is refused: its fleet would be taken for the new one', async () => {
  const folder = givenFolder();
  mkdirSync(join(folder, 'github'));
  await expect(dataFolder(folder)).rejects.toThrow(RehearseError);
  await expect(dataFolder(folder)).rejects.toThrow('holds an earlier rehearsal');
});

test('a file is refused', async () => {
  await expect(dataFolder(write(join(givenFolder(), 'file'), ''))).rejects.toThrow(RehearseError);
});
