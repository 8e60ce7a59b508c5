const HOUR = 60 * 60_000;

/**
 * The edits of each fleet's tracking issue in the last hour. Kept in memory: a restart forgets them, and the
 * installation's budget, which is stored, still holds.
 */
export interface EditLog {
  /** Once per key, however often it is tried. */
  add(fleetId: string, key: string, at: number): void;
  has(fleetId: string, key: string): boolean;
  /** Those that put the issue's text back, oldest first. */
  putBacks(fleetId: string, now: number): number[];
  /** Oldest first. */
  times(fleetId: string, now: number): number[];
}

export function createEditLog(): EditLog {
  const fleets = new Map<string, Map<string, number>>();

  function forget(until: number): void {
    for (const [fleetId, edits] of fleets) {
      for (const [key, at] of edits) if (at <= until) edits.delete(key);
      if (edits.size === 0) fleets.delete(fleetId);
    }
  }

  return {
    add(fleetId, key, at) {
      forget(at - HOUR);
      const edits = fleets.get(fleetId) ?? new Map<string, number>();
      if (!edits.has(key)) edits.set(key, at);
      fleets.set(fleetId, edits);
    },
    has: (fleetId, key) => fleets.get(fleetId)?.has(key) ?? false,
    putBacks: (fleetId, now) =>
      [...(fleets.get(fleetId) ?? [])].flatMap(([key, at]) => (isPutBack(key) && at > now - HOUR ? [at] : [])),
    times: (fleetId, now) => [...(fleets.get(fleetId)?.values() ?? [])].filter((at) => at > now - HOUR),
  };
}

/** Effect key of the edit that puts an issue's text back after that edit of somebody else. */
export const putBackKey = (fleetId: string, issueNumber: number, reportedSeq: number, editedSeq: number): string =>
  `issue-put-back:${fleetId}:${issueNumber}:${reportedSeq}:${editedSeq}`;

const isPutBack = (key: string): boolean => key.startsWith('issue-put-back:');
