import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noSandbox } from '../sandboxes.ts';
import { CHILD_PATH, givenServer, SECRET } from './given-server.ts';

/** Values that want to be arguments of the box, and variables that want to change the programs outside of it. */

describe.skipIf(noSandbox !== null)('a value', () => {
  it('with a NUL and arguments of bubblewrap behind it starts nothing', async () => {
    const { folder, attack } = givenServer();
    const NODES_LOOK_OUTPUT = `text\0--bind\0${folder}\0/mnt`;
    const result = await attack('ls /mnt', { env: { PATH: CHILD_PATH, NODES_LOOK_OUTPUT } });
    expect(result).toMatchObject({ exitCode: 127, stdout: '' });
    expect(result.tail).toContain('holds a NUL');
  });

  it('that looks like arguments of bubblewrap, of prlimit or of the shell stays a value', async () => {
    const { folder, keyFile, attack } = givenServer();
    const values = [
      '--bind',
      `--bind / /mnt`,
      `--ro-bind\n${folder}\n/mnt`,
      '--',
      '$(cat /etc/shadow)',
      `'; cat ${keyFile}; '`,
      '--nproc=1',
    ];
    for (const VALUE of values) {
      const { stdout, exitCode } = await attack('printf %s "$VALUE"; ls /mnt 2>/dev/null; true', {
        env: { PATH: CHILD_PATH, VALUE },
      });
      expect({ stdout, exitCode }).toEqual({ stdout: VALUE, exitCode: 0 });
    }
    const { stdout } = await attack('', { command: 'printf', args: ['%s\n', '--bind', '/', '--', folder] });
    expect(stdout).toBe(`--bind\n/\n--\n${folder}\n`);
  });

  it('by the hundreds is passed on whole', async () => {
    const { attack } = givenServer();
    const many = Object.fromEntries(Array.from({ length: 1500 }, (_, index) => [`INPUTS_V${index}`, `${index}`]));
    const { stdout } = await attack('env | grep -c ^INPUTS_V', { env: { PATH: CHILD_PATH, ...many } });
    expect(stdout).toBe('1500\n');
  });
});

describe.skipIf(noSandbox !== null)('a variable', () => {
  it.each([
    ['LD_PRELOAD', (tree: string) => join(tree, 'evil.so')],
    ['LD_LIBRARY_PATH', (tree: string) => tree],
    ['LD_AUDIT', (tree: string) => join(tree, 'evil.so')],
    ['BASH_ENV', (tree: string) => join(tree, 'evil.sh')],
    ['ENV', (tree: string) => join(tree, 'evil.sh')],
    ['SHELLOPTS', () => 'xtrace'],
    ['PS4', () => '$(cat /etc/shadow)'],
    ['NODE_OPTIONS', (tree: string) => `--require ${join(tree, 'evil.cjs')}`],
    ['GIT_CONFIG_GLOBAL', (tree: string) => join(tree, 'evil.config')],
    ['IFS', () => '/'],
  ])('%s changes programs in the box alone', async (name, value) => {
    const { keyFile, workspace, attack } = givenServer();
    const evil = `cat '${keyFile}'; touch '${join(workspace.path, 'owned')}'; ulimit -f unlimited`;
    await attack(
      `printf '%s\\n' "$EVIL" > evil.sh; echo 'require("fs").writeFileSync("${join(workspace.path, 'owned')}", "")' > evil.cjs; echo > evil.so`,
      {
        env: { PATH: CHILD_PATH, EVIL: evil },
      },
    );
    const { stdout, tail } = await attack('ulimit -f; ulimit -c; head -c 3M /dev/zero > big; stat -c %s big', {
      env: { PATH: CHILD_PATH, HOME: workspace.home, [name]: value(workspace.tree) },
      limits: { fileBytes: 1024 ** 2 },
    });
    expect(tail).not.toContain(SECRET);
    expect(existsSync(join(workspace.path, 'owned'))).toBe(false);
    expect(stdout).toContain(`${1024 ** 2}\n`);
    expect(readFileSync(keyFile, 'utf8')).toBe(SECRET);
  });

  it('PATH with programs of the clone in front keeps the limits that are not theirs to set', async () => {
    const { workspace, attack } = givenServer();
    await attack(
      `mkdir bin; for each in sh prlimit bwrap nice; do printf '#!/bin/bash\\necho "took $0"; while [ "$1" != -- ]; do shift; done; shift; exec "$@"\\n' > bin/$each; chmod +x bin/$each; done`,
    );
    const { stdout } = await attack('head -c 3M /dev/zero > big; stat -c %s big; cat /proc/self/oom_score_adj', {
      env: { PATH: `${join(workspace.tree, 'bin')}:${CHILD_PATH}` },
      limits: { fileBytes: 1024 ** 2 },
    });
    expect(stdout).toContain(`${1024 ** 2}\n500\n`);
    expect(stdout).not.toContain('took');
  });
});
