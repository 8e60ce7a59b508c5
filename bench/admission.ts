import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Caps } from '../src/core/slots.ts';
import { admit } from '../src/engine/admit.ts';
import { createUnits } from '../src/engine/units.ts';
import type { Store } from '../src/store/contract/store.ts';
import { silentLog, trackingIssue } from '../test/store/fixtures.ts';
import type { Variant } from './measure.ts';
import { insertFullFleet } from './world/full-fleet.ts';
import { openDurableStore } from './world/open-durable-store.ts';

/** So that the queue is as long at each repetition, and the disk has no part in it. */
class RolledBack extends Error {}

/** One admission that fills every slot from a queue, in a transaction that is rolled back. */
export async function openAdmission(
  queued: number,
  caps: Caps,
): Promise<{ admission: Variant; close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-bench-'));
  const store = await openDurableStore(join(folder, 'flotilla.db'), silentLog);
  await insertFullFleet(store, 'f-queued', queued);
  await store.write((tx) => tx.fleets.setTrackingIssue('f-queued', trackingIssue));
  return {
    admission: () => admitAndForget(store, caps),
    async close() {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function admitAndForget(store: Store, caps: Caps): Promise<void> {
  const units = createUnits(() => undefined);
  const admission = { now: Date.now(), leaseMs: 60_000, caps, deliveries: 4, units, timed: true };
  const admitted = store.write(async (tx) => {
    const { tasks } = await admit(tx, admission);
    if (tasks.length !== caps.system) throw new Error(`${tasks.length} tasks started, not ${caps.system}.`);
    throw new RolledBack();
  });
  await admitted.catch((error: unknown) => {
    if (!(error instanceof RolledBack)) throw error;
  });
}
