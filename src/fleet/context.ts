import type { RandomBytes } from '../core/ids.ts';
import type { OperatorSettings } from '../core/settings/types.ts';
import type { BundledWorkflows } from '../ports/bundled-workflows.ts';
import type { Clock } from '../ports/clock.ts';
import type { GitHub } from '../ports/github.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../store/contract/store.ts';

/** What the verbs need: they read GitHub and write rows, nothing else. */
export interface FleetContext {
  store: Store;
  github: Pick<GitHub, 'reads'>;
  bundled: BundledWorkflows;
  settings: OperatorSettings;
  clock: Clock;
  random: RandomBytes;
  log: Log;
}
