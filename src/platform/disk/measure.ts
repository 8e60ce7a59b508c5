import { execa } from 'execa';
import type { DiskSize } from '../../ports/disk.ts';

/** A folder of millions of files takes seconds; one that takes longer is not measured, rather than waited for. */
const MEASURE_MS = 60_000;
/** At once: each start of a program holds this process up, and there may be thousands of folders. */
const TOGETHER = 100;

/**
 * By the system's du: it walks from folder to folder, so that no depth and no number of files is too much for it.
 * @returns in the order of the paths; what several of them share counts for one of them at least
 */
export async function measure(paths: readonly string[]): Promise<DiskSize[]> {
  const sizes: DiskSize[] = [];
  for (let at = 0; at < paths.length; at += TOGETHER) {
    const together = paths.slice(at, at + TOGETHER);
    const counted = together.length === 1 ? NONE : wholeSizes(await du(together));
    // What it had to tell something about is asked alone: only then is that about this one.
    for (const path of together) sizes.push(counted.get(path) ?? sizeOf(await du([path])));
  }
  return sizes;
}

const NONE: ReadonlyMap<string, DiskSize> = new Map();

interface Counted {
  stdout?: string | undefined;
  stderr?: string | undefined;
  failed: boolean;
}

const du = (paths: readonly string[]): Promise<Counted> =>
  execa('du', ['-skx', '--', ...paths], {
    extendEnv: false,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
    cwd: '/',
    stdin: 'ignore',
    timeout: MEASURE_MS,
    // A folder that cannot be read, or is gone by now, is told and left out; the sum is there all the same.
    reject: false,
  });

/** By path; of none where anything was left out or cut off, as whose it was cannot be told for sure. */
function wholeSizes({ stdout, failed }: Counted): ReadonlyMap<string, DiskSize> {
  if (failed) return NONE;
  return new Map(
    (stdout ?? '').split('\n').flatMap((line) => {
      const [, kibibytes, path] = LINE.exec(line) ?? [];
      return path === undefined ? [] : [[path, { bytes: Number(kibibytes) * 1024, whole: true }] as const];
    }),
  );
}

function sizeOf({ stdout, stderr, failed }: Counted): DiskSize {
  const [, kibibytes] = LINE.exec(stdout ?? '') ?? [];
  const told = (stderr ?? '').split('\n').filter((line) => line !== '');
  const whole = !failed || (told.length > 0 && told.every((line) => GONE.test(line)));
  if (kibibytes !== undefined) return { bytes: Number(kibibytes) * 1024, whole };
  return whole ? { bytes: 0, whole } : { bytes: null, whole };
}

const LINE = /^(\d+)\t(.*)$/m;
/** Whoever works there removes files while it is measured. */
const GONE = /: No such file or directory$/;
