const HOUR = 60 * 60_000;

/**
 * The edits of each fleet's tracking issue in the last hour. Kept in memory: a restart forgets them, and the
 * installation's budget, which is stored, still holds.
 */
export interface EditLog {
  /** Once per key, however often it is tried. */
  add(fleetId: string, key: string, at: number): void;
  has(fleetId: string, key: string): boolean;
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
    times: (fleetId, now) => [...(fleets.get(fleetId)?.values() ?? [])].filter((at) => at > now - HOUR),
  };
}
