import type { FleetContext } from '../../fleet/context.ts';
import { mayRead } from '../../fleet/may-read.ts';
import { type Caller, callerKey } from '../../ports/callers.ts';
import type { FleetPlace } from '../../store/contract/fleet-pages.ts';

const KNOWN_FOR_MS = 60_000;
const MOST = 10_000;

/**
 * Who may see which fleets: of a control repository those who can write there, of jobs each its own. Known for a minute,
 * because whoever follows a fleet asks often; whatever changes something asks GitHub anew.
 */
export class Readers {
  readonly #context: FleetContext;
  readonly #known = new Map<string, { until: number; may: Promise<boolean> }>();

  constructor(context: FleetContext) {
    this.#context = context;
  }

  /** Throws Refusal where a job's settings are not valid, GitHubError for a limit. */
  may(caller: Caller, fleet: FleetPlace): Promise<boolean> {
    const key = readerKey(caller, fleet);
    const now = this.#context.clock.now();
    const known = this.#known.get(key);
    if (known !== undefined && now < known.until) return known.may;
    const may = mayRead(this.#context, caller, fleet);
    this.#known.delete(key);
    this.#known.set(key, { until: now + KNOWN_FOR_MS, may });
    // What failed is no answer.
    may.catch(() => this.#known.delete(key));
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MOST) break;
      this.#known.delete(oldest);
    }
    return may;
  }
}

/** The same for fleets that the caller may see or not together: for people of a control repository all. */
export function readerKey(
  caller: Caller,
  { installationId, controlRepositoryId, workflow, door, sender }: FleetPlace,
): string {
  const place = `${callerKey(caller)} ${installationId} ${controlRepositoryId}`;
  return caller.kind === 'person' ? place : `${place} ${workflow} ${door} ${sender.id}`;
}
