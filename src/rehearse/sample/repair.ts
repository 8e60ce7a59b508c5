/** What the scripted agent makes of one source file. */
export type Repair = { kind: 'repaired'; text: string } | { kind: 'beyond'; reason: string } | { kind: 'nothing' };

const positionalCall = /\bformatMoney\(\s*([\w.]+)\s*,\s*([\w.]+|'[^']*')\s*\)/g;

/**
 * Adapts calls of `formatMoney(amount, currency)` to version 2.0's `formatMoney({ amount, currency })`: the one breakage
 * of the sample organization that has a mechanical repair.
 */
export function repair(text: string): Repair {
  if (/\bsignRequest\(/.test(text)) {
    return {
      kind: 'beyond',
      reason:
        'signRequest was removed in 2.0 and nothing replaces it; how to sign from now on is for a person to decide',
    };
  }
  const repaired = text.replace(
    positionalCall,
    (_, amount: string, currency: string) =>
      `formatMoney({ ${property('amount', amount)}, ${property('currency', currency)} })`,
  );
  return repaired === text ? { kind: 'nothing' } : { kind: 'repaired', text: repaired };
}

function property(name: string, value: string): string {
  return value === name ? name : `${name}: ${value}`;
}
