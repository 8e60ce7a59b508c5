import type { EffectRow } from '../store/contract/effects.ts';

/** What a row keeps of GitHub's refusal. */
export function refusalText(status: number, message: string): string {
  return `HTTP ${status}: ${message}`.slice(0, 2_000);
}

/** The HTTP status with which GitHub refused; undefined when it did not. */
export function refusalStatus(row: EffectRow): number | undefined {
  const status = row.state === 'refused' ? /^HTTP (\d+):/.exec(row.error ?? '')?.[1] : undefined;
  return status === undefined ? undefined : Number(status);
}
