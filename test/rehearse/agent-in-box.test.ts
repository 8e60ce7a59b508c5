import { chmodSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { agentInBox } from '../../src/rehearse/agent-in-box.ts';
import { givenFolder, write } from './given-folder.ts';

function program(path: string): string {
  write(path, '#!/bin/sh\n');
  chmodSync(path, 0o755);
  return path;
}

it('finds a program on the PATH by the file that it is, and lets the box read the packages around it', async () => {
  const folder = givenFolder();
  const real = program(join(folder, 'lib/node_modules/opencode/node_modules/inner/bin/opencode.exe'));
  const bin = join(folder, 'bin');
  write(join(bin, 'other'), 'no program');
  symlinkSync(real, join(bin, 'opencode'));
  expect(await agentInBox(['opencode', 'acp'], `/nowhere:${bin}`)).toEqual({
    command: real,
    args: ['acp'],
    read: [join(folder, 'lib/node_modules')],
  });
  await expect(agentInBox(['other'], bin)).rejects.toThrow('--agent: there is no program "other" on the PATH');
});

it('lets the box read the folders of files among the arguments, and the packages of a script', async () => {
  const folder = givenFolder();
  const script = write(join(folder, 'project/tools/agent.mjs'), '');
  const config = write(join(folder, 'etc/config.toml'), '');
  write(join(folder, 'project/package.json'), '{}');
  const words = ['/bin/sh', script, config, '/nowhere/file', 'relative.txt', folder];
  expect(await agentInBox(words, '')).toMatchObject({
    args: words.slice(1),
    read: [
      join(folder, 'project/tools'),
      join(folder, 'project/package.json'),
      join(folder, 'project/node_modules'),
      join(folder, 'etc'),
    ],
  });
});

it("names nothing that is in every box anyway, and never a home's folder as a whole", async () => {
  expect((await agentInBox(['sh'], '/usr/bin')).read).toEqual([]);
  const { read } = await agentInBox(['/bin/sh', join(homedir(), '.bashrc')], '');
  expect(read).not.toContain(homedir());
});
