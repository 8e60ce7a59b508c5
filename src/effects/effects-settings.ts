import type { Clock } from '../ports/clock.ts';
import type { GitHub } from '../ports/github.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../store/contract/store.ts';

export interface EffectsSettings {
  store: Store;
  github: GitHub;
  clock: Clock;
  log: Log;
  newId(): string;
  /** Content-creating requests of one installation. */
  budget: { perMinute: number; perHour: number };
  waits: {
    /** After a request without an answer, before the first look. */
    unknownMs: number;
    /** Between the two looks that must find nothing before it is sent again. */
    betweenLooksMs: number;
  };
  requestTimeoutMs: number;
}
