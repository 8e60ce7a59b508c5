import { statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noSandbox } from '../sandboxes.ts';
import { givenServer } from './given-server.ts';

/** Filling what there is. */

const MIB = 1024 ** 2;

describe.skipIf(noSandbox !== null)('a command that fills the disk', () => {
  it('with one file is stopped at the largest that a file may be', async () => {
    const { workspace, attack } = givenServer();
    const result = await attack(
      'head -c 64M /dev/zero > big; echo "ended $?"; truncate -s 1G sparse; fallocate -l 1G all',
      {
        limits: { fileBytes: 8 * MIB },
      },
    );
    expect(result.stdout).toContain('ended 153');
    expect(statSync(join(workspace.tree, 'big')).size).toBe(8 * MIB);
    for (const name of ['sparse', 'all'])
      expect(statSync(join(workspace.tree, name)).size).toBeLessThanOrEqual(8 * MIB);
  });

  it('with many files is ended while it writes, and what it wrote says why', async () => {
    const { workspace, attack } = givenServer();
    const script = 'for i in $(seq 100000); do head -c 4M /dev/zero > "$HOME/f$i"; sleep 0.02; done';
    const result = await attack(script, { limits: { diskBytes: 64 * MIB }, timeoutMs: 15_000 });
    expect(result).toMatchObject({ exceeded: { what: 'wrote more than 64 MiB', resource: 'disk' }, timedOut: false });
    expect((await readdir(workspace.home)).length).toBeLessThan(5000);
  });

  it('in both folders that it may write is counted for their sum, and links count for nothing', async () => {
    const { attack } = givenServer();
    const script =
      'ln -s / "$HOME/all"; head -c 40M /dev/zero > "$HOME/a"; head -c 40M /dev/zero > b; for i in $(seq 1000); do ln b "b$i"; done; sleep 10';
    const result = await attack(script, { limits: { diskBytes: 64 * MIB }, timeoutMs: 15_000 });
    expect(result.exceeded).toEqual({ what: 'wrote more than 64 MiB', resource: 'disk' });
    const within = await attack('sleep 2.5', { limits: { diskBytes: 128 * MIB } });
    expect(within).toMatchObject({ exceeded: null, exitCode: 0 });
  });

  it('in a folder that it closes is counted all the same', async () => {
    const { attack } = givenServer();
    const script = 'mkdir closed; exec 9> closed/a; chmod 000 closed; head -c 200M /dev/zero >&9; sleep 10';
    const result = await attack(script, { limits: { diskBytes: 64 * MIB }, timeoutMs: 15_000 });
    expect(result.exceeded).toEqual({ what: 'wrote more than 64 MiB', resource: 'disk' });
  });

  it.each([
    ['/tmp', 512],
    ['/dev/shm', 256],
  ])('in memory at %s finds its end at %i MiB', async (folder, mebibytes) => {
    const { attack } = givenServer();
    const { stdout } = await attack(`head -c 600M /dev/zero > ${folder}/big 2>/dev/null; stat -c %s ${folder}/big`);
    expect(Number(stdout)).toBe(mebibytes * MIB);
  });

  it('where no folder of its own is finds nothing that can be written', async () => {
    const { attack } = givenServer();
    const { stdout } = await attack(
      'find / -xdev -type d -writable 2>/dev/null; for each in / /etc /dev /usr /proc /home /var /run; do (: > "$each/x") 2>/dev/null && echo "wrote $each"; done',
    );
    expect(stdout.split('\n').filter((each) => each.startsWith('wrote'))).toEqual([]);
  });

  it('with its output finds a log and a memory that end', async () => {
    const { workspace, attack } = givenServer();
    const { stdout, tail } = await attack('yes flood | head -c 30M; echo; echo last', { maxOutputBytes: 100_000 });
    expect(stdout.length).toBeLessThan(101_000);
    expect(tail).toMatch(/last\n$/);
    expect(statSync(join(workspace.logs, 'attack.log')).size).toBeLessThan(21 * MIB);
  });
});
