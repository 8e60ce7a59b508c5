import type { EffectRow } from '../store/contract/effects.ts';

/** The effect is stored but not settled: paced, or sent without an answer. The caller parks until `notBefore`. */
export class EffectPending extends Error {
  override readonly name = 'EffectPending';
  readonly effectId: string;
  readonly key: string;
  /** Epoch milliseconds. */
  readonly notBefore: number;

  constructor(row: EffectRow, notBefore: number) {
    super(`effect ${row.key} is ${row.state}${row.error === null ? '' : ` (${row.error})`}; try again later`);
    this.effectId = row.id;
    this.key = row.key;
    this.notBefore = notBefore;
  }
}
