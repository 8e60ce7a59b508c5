import type { EffectResult, EffectRow } from '../store/contract/effects.ts';
import type { BoundKind } from './bound-kind.ts';
import type { EffectsSettings } from './effects-settings.ts';

/** How far GitHub's clock may be behind ours. */
const CLOCK_SKEW_MS = 5 * 60_000;

export type Looked =
  | { result: 'found'; found: EffectResult }
  | { result: 'nothing' }
  | { result: 'failed'; error: unknown };

/** Whether GitHub has what this effect was to create. */
export async function look({ github }: EffectsSettings, row: EffectRow, kind: BoundKind): Promise<Looked> {
  if (kind.look === null) return { result: 'nothing' };
  try {
    const { botId } = await github.identity();
    const since = row.intendedAt - CLOCK_SKEW_MS;
    const at = { writes: github.writes(row.installationId), effectId: row.id, webUrl: github.webUrl };
    const found = await kind.look({ ...at, botId, since });
    return found === undefined ? { result: 'nothing' } : { result: 'found', found };
  } catch (error) {
    return { result: 'failed', error };
  }
}
