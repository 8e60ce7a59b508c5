/** Every creation and edit on GitHub goes through here: reserve → send → record → reconcile. */
import type { EffectRow, NewEffect } from '../store/contract/effects.ts';
import { attemptEffect, claimEffect } from './attempt.ts';
import { boundKind } from './bound-kind.ts';
import { EffectPending } from './effect-pending.ts';
import type { EffectsSettings } from './effects-settings.ts';
import { awaitTurn } from './reserve.ts';

export interface Effects {
  /**
   * Intends and performs now; asking twice for one key is asking once. Returns the settled row, `done` or `refused`.
   * The bodies of issues, comments and pull requests get their marker here; the bodies of edits are sent as they are,
   * so the caller keeps the marker of the effect that created what is edited.
   * Throws EffectPending when it cannot be settled now; the same call, or the engine, settles it later.
   */
  perform(effect: Omit<NewEffect, 'id' | 'intendedAt'>): Promise<EffectRow>;
  /**
   * Intends and sends nothing: for a caller that looks at GitHub right before it performs, so that what is paced for
   * hours is looked at once. Throws EffectPending until it is its turn.
   */
  queue(effect: Omit<NewEffect, 'id' | 'intendedAt'>): Promise<void>;
  /** One try for a stored row, the engine's unit; undefined when it is settled, too early or in other hands. */
  attempt(effectId: string): Promise<EffectRow | undefined>;
}

/** When another process has the row: soon enough to see what it found. */
const IN_OTHER_HANDS_MS = 1_000;

export function createEffects(settings: EffectsSettings): Effects {
  const { store, clock, newId } = settings;
  /** The engine takes a row as soon as it is committed; whoever performs it then waits for that try. */
  const underWay = new Map<string, Promise<unknown>>();

  async function tracked<T>(effectId: string, work: Promise<T>): Promise<T> {
    underWay.set(effectId, work);
    try {
      return await work;
    } finally {
      if (underWay.get(effectId) === work) underWay.delete(effectId);
    }
  }

  async function attempt(effectId: string): Promise<EffectRow | undefined> {
    const claimed = await store.write((tx) => claimEffect(settings, tx, effectId));
    if (claimed === undefined) return undefined;
    await attemptEffect(settings, claimed);
    return store.read.effects.get(effectId);
  }

  return {
    async perform(effect) {
      const intent = { ...effect, id: newId(), intendedAt: clock.now() };
      const { intended, claimed } = await store.write(async (tx) => {
        const row = await tx.effects.intend(intent);
        return { intended: row, claimed: isSettled(row) ? undefined : await claimEffect(settings, tx, row.id) };
      });
      if (isSettled(intended)) return intended;
      if (claimed === undefined) await underWay.get(intended.id)?.catch(() => undefined);
      else await tracked(intended.id, attemptEffect(settings, claimed));

      const row = (await store.read.effects.get(intended.id)) ?? intended;
      if (isSettled(row)) return row;
      throw new EffectPending(
        row,
        Math.max(row.notBefore, claimed === undefined ? clock.now() + IN_OTHER_HANDS_MS : 0),
      );
    },
    async queue(effect) {
      const intent = { ...effect, id: newId(), intendedAt: clock.now() };
      const row = await store.write(async (tx) => {
        const intended = await tx.effects.intend(intent);
        if (intended.state !== 'intended') return intended;
        const claimed = await claimEffect(settings, tx, intended.id);
        if (claimed !== undefined) await awaitTurn(settings, tx, claimed, boundKind(claimed.request).charge);
        return (await tx.effects.get(intended.id)) ?? intended;
      });
      if (!isSettled(row) && row.notBefore > clock.now()) throw new EffectPending(row, row.notBefore);
    },
    attempt: (effectId) => (underWay.has(effectId) ? Promise.resolve(undefined) : tracked(effectId, attempt(effectId))),
  };
}

function isSettled(row: EffectRow): boolean {
  return row.state === 'done' || row.state === 'refused';
}
