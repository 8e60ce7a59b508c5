import type { TaskFailure } from '../core/failures.ts';
import type { Lease } from '../store/contract/lease.ts';
import { type StopReason, TaskStopped } from './task-stopped.ts';

type UnitKind = 'delivery' | 'task' | 'report' | 'effect' | 'undo' | 'notification' | 'sweep' | 'missed';

export interface Unit {
  kind: UnitKind;
  id: string;
  /** Null when its handler claims by itself. */
  lease: Lease | null;
  /** When the lease was last extended. */
  extendedAt: number;
  /** `failure`: how the task has to end, as the reason of its signal. */
  stop(why: StopReason, failure?: TaskFailure): void;
  stopped(): StopReason | null;
}

/** What this process works on now. */
export interface Units {
  /** Runs it; `run` must not reject. */
  add(
    kind: UnitKind,
    id: string,
    lease: Lease | null,
    now: number,
    run: (unit: Unit, signal: AbortSignal) => Promise<void>,
  ): void;
  get(kind: UnitKind, id: string): Unit | undefined;
  all(): Unit[];
  ids(kind: UnitKind): string[];
  count(kind: UnitKind): number;
  /** Resolves when nothing runs. */
  idle(): Promise<void>;
}

export function createUnits(onEnd: () => void): Units {
  const units = new Map<string, { unit: Unit; done: Promise<void> }>();
  const keyOf = (kind: UnitKind, id: string) => `${kind} ${id}`;
  const all = () => Array.from(units.values(), ({ unit }) => unit);
  const ids = (kind: UnitKind) => all().flatMap((unit) => (unit.kind === kind ? [unit.id] : []));

  return {
    add(kind, id, lease, now, run) {
      const abort = new AbortController();
      let why: StopReason | null = null;
      const unit: Unit = {
        kind,
        id,
        lease,
        extendedAt: now,
        stop(reason, failure) {
          if (why !== null) return;
          why = reason;
          abort.abort(failure ?? new TaskStopped(reason));
        },
        stopped: () => why,
      };
      const key = keyOf(kind, id);
      const done = run(unit, abort.signal).finally(() => {
        units.delete(key);
        onEnd();
      });
      units.set(key, { unit, done });
    },
    get: (kind, id) => units.get(keyOf(kind, id))?.unit,
    all,
    ids,
    count: (kind) => ids(kind).length,
    async idle() {
      while (units.size > 0) await Promise.all(Array.from(units.values(), ({ done }) => done));
    },
  };
}
