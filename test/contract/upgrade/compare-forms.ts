import { isObject, type Json } from '../kept/description.ts';
import {
  componentOf,
  inside,
  membersOf,
  objectOf,
  type Pair,
  report,
  type Side,
  same,
  type Walk,
} from './contract-pair.ts';

const CHOICES = ['oneOf', 'anyOf'];
const NOT_OWN = new Set([...CHOICES, 'allOf', 'nullable', 'discriminator', 'x-github-breaking-changes', 'deprecated']);

export const isComposed = (side: Side): boolean => [...CHOICES, 'allOf'].some((key) => key in objectOf(side));

/**
 * Schemas of which at least one is made of others. Forms are matched by reference, then by equality, then by type and
 * order, because a description gives them no names.
 * @param compare of two schemas whose nullability is already compared
 */
export function compareForms(walk: Walk, pair: Pair, compare: (pair: Pair) => void): void {
  if ('allOf' in objectOf(pair.kept) || 'allOf' in objectOf(pair.newer)) compareParts(pair, compare);
  else compareChoices(walk, pair, compare);
}

/** All parts hold at once: a part more is fields more. */
function compareParts({ kept, newer, subject }: Pair, compare: (pair: Pair) => void): void {
  const nothing = (near: Side): Side => ({ pointer: near.pointer, value: { type: 'object', properties: {} } });
  const { matched, gone, added } = match(partsOf(kept), partsOf(newer));
  for (const [one, other] of matched) compare({ kept: one, newer: other, subject });
  for (const one of gone) compare({ kept: one, newer: nothing(newer), subject });
  for (const other of added) compare({ kept: nothing(kept), newer: other, subject });
}

function partsOf(side: Side): Side[] {
  const parts = membersOf(inside(side, 'allOf'));
  if (parts.length === 0) return [side];
  return [...parts, ...ownPartOf(side, 'allOf')];
}

function compareChoices(walk: Walk, { kept, newer, subject }: Pair, compare: (pair: Pair) => void): void {
  const own = { kept: ownPartOf(kept, ...CHOICES), newer: ownPartOf(newer, ...CHOICES) };
  const [one] = own.kept;
  const [other] = own.newer;
  if (one !== undefined && other !== undefined) compare({ kept: one, newer: other, subject });
  const choices = { kept: choicesOf(kept), newer: choicesOf(newer) };
  const { matched, gone, added } = match(
    choices.kept ?? (choices.newer === undefined || other !== undefined ? [] : [kept]),
    choices.newer ?? (choices.kept === undefined || one !== undefined ? [] : [newer]),
  );
  for (const [before, now] of matched) compare({ kept: before, newer: now, subject });
  // Beside a schema's own fields, choices are a rule more, not a form more.
  const isRule =
    choices.kept === undefined || choices.newer === undefined ? one !== undefined && other !== undefined : false;
  for (const before of gone)
    report(walk, isRule ? 'rule gone' : 'form gone', subject, before, { before: before.value });
  for (const now of added) report(walk, isRule ? 'rule new' : 'form new', subject, now, { now: now.value });
}

/** Null is no form of its own here. */
function choicesOf(side: Side): Side[] | undefined {
  const forms = CHOICES.flatMap((key) => membersOf(inside(side, key))).filter(
    (form) => objectOf(form).type !== 'null' && !same(objectOf(form).enum, [null]),
  );
  return CHOICES.some((key) => key in objectOf(side)) ? forms : undefined;
}

/** What a schema says beside the schemas that it is made of. */
function ownPartOf(side: Side, ...composed: readonly string[]): Side[] {
  const value = objectOf(side);
  if (!composed.some((key) => key in value)) return [side];
  const own = Object.entries(value).filter(([key]) => !NOT_OWN.has(key));
  return own.length === 0 ? [] : [{ pointer: side.pointer, value: Object.fromEntries(own) }];
}

function match(kept: readonly Side[], newer: readonly Side[]) {
  const matched: [Side, Side][] = [];
  let gone = [...kept];
  let added = [...newer];
  const tests: ((one: Side, other: Side) => boolean)[] = [
    (one, other) => componentOf(one) !== undefined && componentOf(one) === componentOf(other),
    (one, other) => same(one.value, other.value),
    (one, other) => shapeOf(one.value) === shapeOf(other.value),
  ];
  for (const fits of tests) {
    for (const one of gone) {
      const other = added.find((candidate) => fits(one, candidate));
      if (other === undefined) continue;
      matched.push([one, other]);
      gone = gone.filter((side) => side !== one);
      added = added.filter((side) => side !== other);
    }
  }
  return { matched, gone, added };
}

/** A reference leads to an object nearly always. */
const shapeOf = (schema: Json): string => (isObject(schema) ? JSON.stringify(schema.type ?? 'object') : '');
