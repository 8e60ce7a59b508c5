import { readFileSync, statfsSync } from 'node:fs';

const MEMORY = '/dev/shm';
const ROOM = 4 * 1024 ** 3;

/**
 * Environment that puts the tests' folders into memory where there is room and programs may be started from there:
 * the stores and git flush to disk thousands of times, and every flush of one worker holds up the others.
 */
export function memoryFolder(): Record<string, string> {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    const mount = readFileSync('/proc/self/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' '))
      .find(([, folder]) => folder === MEMORY);
    const options = mount?.[3]?.split(',') ?? [];
    return options.includes('rw') && !options.includes('noexec') && bavail * bsize >= ROOM ? { TMPDIR: MEMORY } : {};
  } catch {
    return {};
  }
}
