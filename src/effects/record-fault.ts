import { limitOverAt } from '../core/pacing.ts';
import { GitHubError } from '../ports/github-reads.ts';
import type { EffectRow } from '../store/contract/effects.ts';
import { FenceLost, type Lease } from '../store/contract/lease.ts';
import type { Tx } from '../store/contract/store.ts';
import { boundKind } from './bound-kind.ts';
import type { EffectsSettings } from './effects-settings.ts';
import { refusalText } from './refusal-status.ts';
import { reserveAgain } from './reserve.ts';

/** What met the error: the request itself, or a look for what an earlier request did. */
export type Met = 'request' | 'look';

/** Records what an error says about the effect. Rethrows FenceLost: the row is somebody else's. */
export async function recordFault(
  settings: EffectsSettings,
  row: EffectRow & Lease,
  error: unknown,
  met: Met,
): Promise<void> {
  if (error instanceof FenceLost) throw error;
  const { store, clock, waits, log } = settings;
  const now = clock.now();
  if (!(error instanceof GitHubError)) {
    log.error({ err: error, effect: row.key }, 'an effect met an error that is not GitHub’s');
    return store.write((tx) => tx.effects.unknown(row, messageOf(error), now + waits.unknownMs));
  }
  log.warn({ effect: row.key, status: error.status, kind: error.kind }, error.message);
  switch (error.kind) {
    case 'refused':
      return store.write((tx) => tx.effects.refused(row, refusalText(error.status, error.message), now));
    case 'unknown':
      return store.write((tx) => tx.effects.unknown(row, error.message, now + waits.unknownMs));
    case 'limited': {
      const until = limitOverAt(error.retryAt, now);
      return store.write(async (tx) => {
        await tx.budget.close(row.installationId, until);
        await limited(settings, tx, row, error.message, until, met);
      });
    }
  }
}

/** A request that met the limit did not happen; a look that met it leaves open what the request before it did. */
async function limited(
  settings: EffectsSettings,
  tx: Tx,
  row: EffectRow & Lease,
  message: string,
  until: number,
  met: Met,
): Promise<void> {
  switch (met) {
    case 'request': {
      const again = boundKind(row.request).charge ? await reserveAgain(settings, tx, row) : until;
      return tx.effects.postpone(row, message, again);
    }
    case 'look':
      return tx.effects.unknown(row, message, until);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
