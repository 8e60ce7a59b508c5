import type { Json } from '../kept/description.ts';
import { inside, membersOf, objectOf, type Pair, report, type Side, same, type Walk } from './contract-pair.ts';

/** The larger the more is allowed. */
const UPPER = ['maxLength', 'maximum', 'maxItems', 'maxProperties'];
const LOWER = ['minLength', 'minimum', 'minItems', 'minProperties'];
const RULES = ['format', 'pattern', 'multipleOf', 'uniqueItems', 'exclusiveMinimum', 'exclusiveMaximum'];
/** JSON knows one kind of number: these say nothing about what may be sent. */
const NUMBER_FORMATS: ReadonlySet<Json | undefined> = new Set(['int32', 'int64', 'float', 'double']);

/** Type, values, limits, patterns and default of two schemas without references of their own. */
export function compareRules(walk: Walk, pair: Pair): void {
  compareTypes(walk, pair);
  compareValues(walk, pair);
  for (const key of UPPER) compareLimit(walk, pair, key, (before, now) => now > before);
  for (const key of LOWER) compareLimit(walk, pair, key, (before, now) => now < before);
  for (const key of RULES) compareRule(walk, pair, key);
  const { default: before } = objectOf(pair.kept);
  const { default: now } = objectOf(pair.newer);
  if (!same(before, now)) {
    report(walk, 'default changed', pair.subject, pair.newer, { before: before ?? 'none', now: now ?? 'none' });
  }
}

function compareTypes(walk: Walk, { kept, newer, subject }: Pair): void {
  const before = typesOf(kept);
  const now = typesOf(newer);
  if (same(before, now)) return;
  const values = { before: before?.join(' | ') ?? 'anything', now: now?.join(' | ') ?? 'anything' };
  if (before === undefined || (now !== undefined && covers(before, now))) {
    report(walk, 'type narrower', subject, newer, values);
  } else if (now === undefined || covers(now, before)) {
    report(walk, 'type wider', subject, newer, values);
  } else {
    report(walk, 'type changed', subject, newer, values);
  }
}

const covers = (wide: readonly string[], narrow: readonly string[]): boolean =>
  narrow.every((type) => wide.includes(type) || (type === 'integer' && wide.includes('number')));

/** Without null, sorted; undefined: anything. */
function typesOf(side: Side): string[] | undefined {
  const { type, properties, items } = objectOf(side);
  if (typeof type === 'string') return [type];
  const several = membersOf(inside(side, 'type')).map(({ value }) => String(value));
  if (several.length > 0) return several.filter((one) => one !== 'null').toSorted();
  if (properties !== undefined) return ['object'];
  return items === undefined ? undefined : ['array'];
}

function compareValues(walk: Walk, { kept, newer, subject }: Pair): void {
  const before = valuesOf(kept);
  const now = valuesOf(newer);
  if (before === undefined && now === undefined) return;
  if (before === undefined || now === undefined) {
    const kind = now === undefined ? 'values new' : 'values gone';
    report(walk, kind, subject, newer, { before: before ?? 'anything', now: now ?? 'anything' });
    return;
  }
  const added = now.filter((value) => !before.some((one) => same(one, value)));
  const gone = before.filter((value) => !now.some((one) => same(one, value)));
  if (added.length > 0) report(walk, 'values new', subject, newer, { now: added });
  if (gone.length > 0) report(walk, 'values gone', subject, newer, { before: gone });
}

/** Null is compared with the nullability. */
function valuesOf(side: Side): Json[] | undefined {
  const listed = inside(side, 'enum');
  if (listed === undefined) return undefined;
  return membersOf(listed)
    .map(({ value }) => value)
    .filter((value) => value !== null);
}

function compareLimit(
  walk: Walk,
  { kept, newer, subject }: Pair,
  key: string,
  isLooser: (before: number, now: number) => boolean,
): void {
  const before = objectOf(kept)[key];
  const now = objectOf(newer)[key];
  if (before === now) return;
  const looser =
    typeof now !== 'number' || (typeof before === 'number' && isLooser(before, now)) ? 'limit looser' : 'limit tighter';
  report(walk, looser, subject, newer, { before: `${key} ${before ?? 'none'}`, now: `${key} ${now ?? 'none'}` });
}

function compareRule(walk: Walk, { kept, newer, subject }: Pair, key: string): void {
  const [before, now] = [objectOf(kept)[key], objectOf(newer)[key]].map((rule) =>
    key === 'format' && NUMBER_FORMATS.has(rule) ? undefined : rule,
  );
  if (same(before, now)) return;
  const kind = before === undefined ? 'rule new' : now === undefined ? 'rule gone' : 'rule changed';
  report(walk, kind, subject, newer, { before: `${key} ${before ?? 'none'}`, now: `${key} ${now ?? 'none'}` });
}
