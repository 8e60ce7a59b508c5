import type { BoxLimits, BoxResource } from '../../ports/sandbox.ts';
import { listProcesses } from '../process/list-processes.ts';
import { type Usage, usageUnder } from './usage-under.ts';
import { watched } from './watched.ts';

const LOOK_EVERY_MS = 250;
const PAGE_BYTES = 4096;

interface Watched {
  onExceeded(what: string, resource: BoxResource): void;
}

export interface BoxWatch {
  /** Until `forget`; `onExceeded` is called once. */
  add(pid: number, onExceeded: Watched['onExceeded']): void;
  forget(pid: number): void;
}

/**
 * Holds the limits that the kernel does not hold for a whole box: memory of all its processes together, and their number,
 * which is no limit for root at all (setrlimit(2), RLIMIT_NPROC). One look at /proc serves every box.
 */
export function watchBoxes(limits: Pick<BoxLimits, 'processes' | 'memoryBytes'>): BoxWatch {
  const { boxes, add, forget } = watched<Watched>(LOOK_EVERY_MS, () => void look());
  let looking = false;

  async function look(): Promise<void> {
    if (looking) return;
    looking = true;
    try {
      const processes = await readProcesses();
      const usage = usageUnder(processes, new Set(boxes.keys()));
      for (const [pid, box] of boxes) {
        const found = exceeded(usage.get(pid), limits);
        if (found === null) continue;
        forget(pid);
        box.onExceeded(...found);
      }
    } finally {
      looking = false;
    }
  }

  return { forget, add: (pid, onExceeded) => add(pid, { onExceeded }) };
}

function exceeded(
  used: Usage | undefined,
  { processes, memoryBytes }: Pick<BoxLimits, 'processes' | 'memoryBytes'>,
): [what: string, BoxResource] | null {
  if (used === undefined) return null;
  if (used.threads > processes) return [`ran more than ${processes} processes and threads`, 'processes'];
  if (used.bytes <= memoryBytes) return null;
  return [`used more than ${Math.round(memoryBytes / 1024 ** 2)} MiB of memory`, 'memory'];
}

async function readProcesses(): Promise<Map<number, Usage & { parent: number }>> {
  const listed = await listProcesses();
  return new Map(
    listed.map(({ pid, parent, threads, pages }) => [pid, { parent, threads, bytes: pages * PAGE_BYTES }]),
  );
}
