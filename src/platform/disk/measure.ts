import { execa } from 'execa';
import type { DiskSize } from '../../ports/disk.ts';

/** A folder of millions of files takes seconds; one that takes longer is not measured, rather than waited for. */
const MEASURE_MS = 60_000;

/** By the system's du: it walks from folder to folder, so that no depth and no number of files is too much for it. */
export async function measure(path: string): Promise<DiskSize> {
  const { stdout, stderr, failed } = await execa('du', ['-skx', '--', path], {
    extendEnv: false,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
    cwd: '/',
    stdin: 'ignore',
    timeout: MEASURE_MS,
    // A folder that cannot be read, or is gone by now, is told and left out; the sum is there all the same.
    reject: false,
  });
  const [, kibibytes] = /^(\d+)\s/m.exec(stdout ?? '') ?? [];
  const told = (stderr ?? '').split('\n').filter((line) => line !== '');
  const whole = !failed || (told.length > 0 && told.every((line) => GONE.test(line)));
  if (kibibytes !== undefined) return { bytes: Number(kibibytes) * 1024, whole };
  return whole ? { bytes: 0, whole } : { bytes: null, whole };
}

/** Whoever works there removes files while it is measured. */
const GONE = /: No such file or directory$/;
