/** A workspace on the disk, by its task. */
export interface HeldWorkspace {
  taskId: string;
  /** When its task ended, in epoch milliseconds; 0: the task begins with a fresh one; null: it goes on from this one. */
  spareSince: number | null;
  /** It holds what may still be published. */
  prepared: boolean;
  bytes: number;
}

interface WorkspaceLimits {
  /** Of all together. */
  maxBytes: number;
  /** How long one is kept after its task's end, in milliseconds. */
  retentionMs: number;
}

interface Removal {
  taskId: string;
  /** `quota`: it would be kept longer, had the disk room. */
  why: 'retention' | 'quota';
}

export interface WorkspaceChoice {
  remove: readonly Removal[];
  /** Bytes of what stays. */
  bytes: number;
}

const PREPARED_MS = 7 * 24 * 60 * 60_000;

/**
 * Which workspaces go now: those whose time is over, then, as long as all together are over the limit, the others that
 * nobody goes on from, in `byAge`. Never that of a task that goes on: people have answered questions about it.
 */
export function chooseWorkspaces(
  held: readonly HeldWorkspace[],
  { maxBytes, retentionMs }: WorkspaceLimits,
  now: number,
): WorkspaceChoice {
  const remove: Removal[] = [];
  let bytes = held.reduce((sum, workspace) => sum + workspace.bytes, 0);
  const kept: HeldWorkspace[] = [];
  for (const workspace of byAge(held)) {
    const { taskId, spareSince, prepared } = workspace;
    const keptMs = prepared ? Math.max(retentionMs, PREPARED_MS) : retentionMs;
    if ((spareSince ?? now) > now - keptMs) {
      kept.push(workspace);
      continue;
    }
    remove.push({ taskId, why: 'retention' });
    bytes -= workspace.bytes;
  }
  for (const workspace of kept) {
    if (bytes <= maxBytes) break;
    remove.push({ taskId: workspace.taskId, why: 'quota' });
    bytes -= workspace.bytes;
  }
  return { remove, bytes };
}

/** Those that may go, in the order in which they go: what was prepared last, else the one whose task ended first first. */
export function byAge<Workspace extends HeldWorkspace>(held: readonly Workspace[]): Workspace[] {
  return held
    .filter(({ spareSince }) => spareSince !== null)
    .toSorted(
      (a, b) =>
        Number(a.prepared) - Number(b.prepared) ||
        (a.spareSince ?? 0) - (b.spareSince ?? 0) ||
        (a.taskId < b.taskId ? -1 : 1),
    );
}
