/** What one process uses. */
export interface Usage {
  threads: number;
  bytes: number;
}

/**
 * Sums by the root that each process descends from. Every step is taken once: a command can make a chain of all its processes.
 * Numbers that were given again while they were listed can make a ring, which has no root.
 */
export function usageUnder(
  processes: ReadonlyMap<number, Usage & { parent: number }>,
  roots: ReadonlySet<number>,
): Map<number, Usage> {
  const rootOf = new Map<number, number | null>([...roots].map((root) => [root, root]));
  const sums = new Map<number, Usage>();
  for (const [pid, { threads, bytes }] of processes) {
    const root = findRoot(pid, processes, rootOf);
    if (root === null) continue;
    const sum = sums.get(root) ?? { threads: 0, bytes: 0 };
    sums.set(root, { threads: sum.threads + threads, bytes: sum.bytes + bytes });
  }
  return sums;
}

function findRoot(
  pid: number,
  processes: ReadonlyMap<number, { parent: number }>,
  rootOf: Map<number, number | null>,
): number | null {
  const way: number[] = [];
  let at: number | undefined = pid;
  while (at !== undefined && !rootOf.has(at)) {
    // Until its root is known it has none: whoever comes here again goes in a ring.
    rootOf.set(at, null);
    way.push(at);
    at = processes.get(at)?.parent;
  }
  const root = at === undefined ? null : (rootOf.get(at) ?? null);
  for (const passed of way) rootOf.set(passed, root);
  return root;
}
