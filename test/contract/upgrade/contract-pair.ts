import { type Description, follow, isObject, type Json, type JsonObject, pointerStep } from '../kept/description.ts';
import type { Difference, Kind } from './contract-change.ts';

/** A place in one of the two descriptions. */
export interface Side {
  pointer: string;
  value: Json;
}

/** The same thing in both descriptions. */
export interface Pair {
  kept: Side;
  newer: Side;
  /** What people call it: field `labels[].name`, query parameter `per_page`. */
  subject: string;
}

/** What stands behind a reference, and so is compared once for all who refer to it. */
export type Part = 'schema' | 'schema but null' | 'parameter' | 'body' | 'response' | 'header';

/** One comparison under way. */
export interface Walk {
  kept: Description;
  newer: Description;
  report(difference: Difference): void;
  /** Compares the pair later, once, however many refer to it. */
  lead(part: Part, pair: Pair): void;
}

/** A part of the side; an absent one is undefined. */
export function inside(side: Side, ...keys: readonly (string | number)[]): Side | undefined {
  let { pointer, value } = side;
  for (const key of keys) {
    const inner = Array.isArray(value) ? value[Number(key)] : isObject(value) ? value[String(key)] : undefined;
    if (inner === undefined) return undefined;
    pointer = `${pointer}/${pointerStep(String(key))}`;
    value = inner;
  }
  return { pointer, value };
}

export const objectOf = (side: Side | undefined): JsonObject => (isObject(side?.value) ? side.value : {});
export const keysOf = (side: Side | undefined): string[] => Object.keys(objectOf(side));
export const membersOf = (side: Side | undefined): Side[] =>
  side !== undefined && Array.isArray(side.value)
    ? side.value.map((value, index) => ({ pointer: `${side.pointer}/${index}`, value }))
    : [];

export const same = (one: Json | undefined, other: Json | undefined): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** Such as `#/components/schemas/issue`. */
export function referenceOf(side: Side): string | undefined {
  const reference = objectOf(side).$ref;
  return typeof reference === 'string' ? reference : undefined;
}

/** The pointer of the component that the side refers to or is; undefined for what stands in its place. */
export const componentOf = (side: Side): string | undefined =>
  referenceOf(side) ?? (/^#\/components\/[^/]+\/[^/]+$/.test(side.pointer) ? side.pointer : undefined);

/** Behind its reference, or itself. */
export function resolve(description: Description, side: Side): Side {
  const pointer = referenceOf(side);
  return pointer === undefined ? side : resolve(description, { pointer, value: follow(description, pointer) });
}

export const resolvePair = (walk: Walk, { kept, newer, subject }: Pair): Pair => ({
  kept: resolve(walk.kept, kept),
  newer: resolve(walk.newer, newer),
  subject,
});

/** @param at the side that the pointer shows: the newer one unless the thing is gone */
export function report(walk: Walk, kind: Kind, subject: string, at: Side, values: { before?: Json; now?: Json }): void {
  walk.report({ kind, subject, pointer: at.pointer, before: values.before, now: values.now });
}

/** `deprecated`, and GitHub's own announcement of what the next API version changes. */
export function reportAnnouncements(walk: Walk, { kept, newer, subject }: Pair): void {
  if (objectOf(newer).deprecated === true && objectOf(kept).deprecated !== true) {
    report(walk, 'deprecated', subject, newer, { now: true });
  }
  const known = new Set(membersOf(inside(kept, 'x-github-breaking-changes')).map(announcementOf));
  for (const announced of membersOf(inside(newer, 'x-github-breaking-changes'))) {
    const now = announcementOf(announced);
    if (!known.has(now)) report(walk, 'announced', subject, announced, { now });
  }
}

function announcementOf(side: Side): string {
  const { changeset, version } = objectOf(side);
  return `${String(changeset)} in API version ${String(version)}`;
}
