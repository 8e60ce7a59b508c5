import { type Description, isObject, type Json } from '../kept/description.ts';
import { compareForms, isComposed } from './compare-forms.ts';
import { compareRules } from './compare-rules.ts';
import {
  componentOf,
  inside,
  keysOf,
  membersOf,
  objectOf,
  type Pair,
  referenceOf,
  report,
  reportAnnouncements,
  resolve,
  resolvePair,
  type Side,
  type Walk,
} from './contract-pair.ts';

/** Reports what differs between two schemas; two components are compared once, for all who refer to them. */
export function compareSchemas(walk: Walk, pair: Pair, nullCounts = true): void {
  const [before, now] = [componentOf(pair.kept), componentOf(pair.newer)];
  const isReferred = referenceOf(pair.kept) !== undefined || referenceOf(pair.newer) !== undefined;
  const areShared = isReferred && before !== undefined && now !== undefined;
  const resolved = resolvePair(walk, pair);
  if (areShared && before === now) {
    walk.lead('schema', { ...resolved, subject: 'the value' });
    return;
  }
  if (nullCounts) compareNull(walk, pair);
  if (areShared) walk.lead('schema but null', { ...resolved, subject: 'the value' });
  else compareSchemasButNull(walk, resolved);
}

function compareSchemasButNull(walk: Walk, pair: Pair): void {
  reportAnnouncements(walk, pair);
  if (isComposed(pair.kept) || isComposed(pair.newer)) {
    compareForms(walk, pair, (inner) => compareSchemas(walk, inner, false));
    return;
  }
  compareRules(walk, pair);
  compareFields(walk, pair);
  compareMembers(walk, pair);
}

function compareNull(walk: Walk, { kept, newer, subject }: Pair): void {
  const before = allowsNull(walk.kept, kept);
  const now = allowsNull(walk.newer, newer);
  if (before !== now) report(walk, now ? 'now nullable' : 'no longer nullable', subject, newer, {});
}

function allowsNull(description: Description, place: Side): boolean {
  const side = resolve(description, place);
  const { nullable, type } = objectOf(side);
  if (nullable === true || type === 'null' || (Array.isArray(type) && type.includes('null'))) return true;
  const forms = [...membersOf(inside(side, 'oneOf')), ...membersOf(inside(side, 'anyOf'))];
  const parts = membersOf(inside(side, 'allOf'));
  return (
    forms.some((form) => allowsNull(description, form)) ||
    (parts.length > 0 && parts.every((part) => allowsNull(description, part)))
  );
}

function compareFields(walk: Walk, { kept, newer, subject }: Pair): void {
  const required = { kept: requiredOf(kept), newer: requiredOf(newer) };
  const fields = { kept: inside(kept, 'properties'), newer: inside(newer, 'properties') };
  const names = new Set([...keysOf(fields.kept), ...keysOf(fields.newer), ...required.kept, ...required.newer]);
  for (const name of [...names].toSorted()) {
    const field = fieldOf(subject, name);
    const one = fields.kept === undefined ? undefined : inside(fields.kept, name);
    const other = fields.newer === undefined ? undefined : inside(fields.newer, name);
    if (one === undefined && other !== undefined) {
      const kind = required.newer.has(name) ? 'new, required' : 'new, optional';
      report(walk, kind, field, other, { now: typeNameOf(other.value) });
    } else if (one !== undefined && other === undefined) {
      const before = `${typeNameOf(one.value)}, ${required.kept.has(name) ? 'required' : 'optional'}`;
      report(walk, 'gone', field, one, { before });
    } else {
      if (required.kept.has(name) !== required.newer.has(name)) {
        const kind = required.newer.has(name) ? 'now required' : 'no longer required';
        report(walk, kind, field, other ?? newer, {});
      }
      if (one !== undefined && other !== undefined) compareSchemas(walk, { kept: one, newer: other, subject: field });
    }
  }
}

const requiredOf = (side: Side): Set<string> =>
  new Set(membersOf(inside(side, 'required')).flatMap(({ value }) => (typeof value === 'string' ? [value] : [])));

/** `labels[].name` below field `labels[]`; a field of the value itself, or of a body, has no prefix. */
function fieldOf(subject: string, name: string): string {
  const [, parent] = /^field `(.*)`$/.exec(subject) ?? [];
  return `field \`${parent === undefined ? name : `${parent}.${name}`}\``;
}

const memberSubject = (subject: string, mark: string): string =>
  subject.startsWith('field `') ? `${subject.slice(0, -1)}${mark}\`` : `field \`${mark}\``;

/** Items of a list, and fields that have no name of their own. */
function compareMembers(walk: Walk, { kept, newer, subject }: Pair): void {
  for (const [key, mark] of [
    ['items', '[]'],
    ['additionalProperties', '.*'],
  ] as const) {
    const one = inside(kept, key);
    const other = inside(newer, key);
    const inner = memberSubject(subject, mark);
    if (key === 'additionalProperties' && (one?.value === false) !== (other?.value === false)) {
      const kind = other?.value === false ? 'limit tighter' : 'limit looser';
      report(walk, kind, inner, other ?? newer, { before: one?.value !== false, now: other?.value !== false });
    } else if (isObject(one?.value) || isObject(other?.value)) {
      compareSchemas(walk, { kept: schemaOr(one, kept), newer: schemaOr(other, newer), subject: inner });
    }
  }
}

/** An absent schema, or `true`, allows everything. */
const schemaOr = (side: Side | undefined, parent: Side): Side =>
  side !== undefined && isObject(side.value) ? side : { pointer: parent.pointer, value: {} };

function typeNameOf(schema: Json): string {
  if (!isObject(schema)) return 'anything';
  const { $ref, type } = schema;
  if (typeof $ref === 'string') return $ref.split('/').at(-1) ?? $ref;
  if (type !== undefined) return Array.isArray(type) ? type.join(' | ') : String(type);
  return 'oneOf' in schema || 'anyOf' in schema ? 'one of several forms' : 'object';
}
