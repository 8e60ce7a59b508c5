import type { Description } from '../kept/description.ts';
import { compareSchemas } from './compare-schemas.ts';
import {
  inside,
  keysOf,
  membersOf,
  objectOf,
  type Pair,
  type Part,
  referenceOf,
  report,
  reportAnnouncements,
  resolve,
  resolvePair,
  type Side,
  type Walk,
} from './contract-pair.ts';

/** What is sent: parameters and body of an operation or a webhook. */
export function compareRequests(walk: Walk, pair: Pair): void {
  reportAnnouncements(walk, pair);
  compareNamed(walk, 'parameter', parametersOf(walk.kept, pair.kept), parametersOf(walk.newer, pair.newer));
  const kept = inside(pair.kept, 'requestBody');
  const newer = inside(pair.newer, 'requestBody');
  compareNamed(walk, 'body', named('body', kept), named('body', newer));
}

/** What comes back. */
export function compareAnswers(walk: Walk, pair: Pair): void {
  const kept = entriesOf(inside(pair.kept, 'responses'), (status) => `status ${status}`);
  const newer = entriesOf(inside(pair.newer, 'responses'), (status) => `status ${status}`);
  compareNamed(walk, 'response', kept, newer);
}

function compareParameters(walk: Walk, pair: Pair): void {
  reportAnnouncements(walk, pair);
  compareRequired(walk, pair);
  compareInner(walk, pair, pair.subject);
}

function compareBodies(walk: Walk, pair: Pair): void {
  compareRequired(walk, pair);
  compareContents(walk, pair);
}

function compareResponses(walk: Walk, pair: Pair): void {
  const name = (header: string) => `header \`${header}\``;
  const headers = { kept: inside(pair.kept, 'headers'), newer: inside(pair.newer, 'headers') };
  compareNamed(walk, 'header', entriesOf(headers.kept, name), entriesOf(headers.newer, name));
  compareContents(walk, pair);
}

/** A header of a response. */
function compareHeaders(walk: Walk, pair: Pair): void {
  compareInner(walk, pair, pair.subject);
}

function compareContents(walk: Walk, pair: Pair): void {
  const contents = { kept: inside(pair.kept, 'content'), newer: inside(pair.newer, 'content') };
  const types = new Set([...keysOf(contents.kept), ...keysOf(contents.newer)]);
  for (const type of [...types].toSorted()) {
    const kept = contents.kept === undefined ? undefined : inside(contents.kept, type);
    const newer = contents.newer === undefined ? undefined : inside(contents.newer, type);
    const subject = `media type ${type} of ${pair.subject}`;
    if (kept === undefined && newer !== undefined) report(walk, 'new', subject, newer, {});
    else if (kept !== undefined && newer === undefined) report(walk, 'gone', subject, kept, {});
    else if (kept !== undefined && newer !== undefined) compareInner(walk, { kept, newer, subject }, pair.subject);
  }
}

function compareInner(walk: Walk, pair: Pair, subject: string): void {
  const anything = (near: Side): Side => ({ pointer: near.pointer, value: {} });
  const kept = inside(pair.kept, 'schema') ?? anything(pair.kept);
  const newer = inside(pair.newer, 'schema') ?? anything(pair.newer);
  compareSchemas(walk, { kept, newer, subject });
}

function compareRequired(walk: Walk, { kept, newer, subject }: Pair): void {
  const before = objectOf(kept).required === true;
  const now = objectOf(newer).required === true;
  if (before !== now) report(walk, now ? 'now required' : 'no longer required', subject, newer, {});
}

type Named = ReadonlyMap<string, Side>;

const named = (name: string, side: Side | undefined): Named => new Map(side === undefined ? [] : [[name, side]]);

const entriesOf = (side: Side | undefined, name: (key: string) => string): Named =>
  new Map(
    keysOf(side).flatMap((key) => {
      const entry = side === undefined ? undefined : inside(side, key);
      return entry === undefined ? [] : [[name(key), entry]];
    }),
  );

/** Headers' names ignore case. */
function parametersOf(description: Description, operation: Side): Named {
  return new Map(
    membersOf(inside(operation, 'parameters')).map((parameter) => {
      const { in: place, name } = objectOf(resolve(description, parameter));
      const key = place === 'header' ? String(name).toLowerCase() : String(name);
      return [`${String(place)} parameter \`${key}\``, parameter];
    }),
  );
}

function compareNamed(walk: Walk, part: Exclude<Part, 'schema' | 'schema but null'>, before: Named, now: Named): void {
  for (const subject of [...new Set([...before.keys(), ...now.keys()])].toSorted()) {
    const kept = before.get(subject);
    const newer = now.get(subject);
    if (kept !== undefined && newer !== undefined) compareFound(walk, part, { kept, newer, subject });
    else if (newer !== undefined) reportNew(walk, part, subject, newer);
    else if (kept !== undefined) report(walk, isError(part, subject) ? 'error gone' : 'gone', subject, kept, {});
  }
}

function compareFound(walk: Walk, part: Part, pair: Pair): void {
  const isReferred = referenceOf(pair.kept) !== undefined || referenceOf(pair.newer) !== undefined;
  if (isReferred) walk.lead(part, resolvePair(walk, pair));
  else comparePart(walk, part, pair);
}

function reportNew(walk: Walk, part: Part, subject: string, newer: Side): void {
  if (part === 'response') report(walk, isError(part, subject) ? 'new' : 'success new', subject, newer, {});
  else if (part === 'header') report(walk, 'new', subject, newer, {});
  else {
    const isRequired = objectOf(resolve(walk.newer, newer)).required === true;
    report(walk, isRequired ? 'new, required' : 'new, optional', subject, newer, {});
  }
}

const isError = (part: Part, subject: string): boolean => part === 'response' && !subject.startsWith('status 2');

const comparisons: Record<Part, (walk: Walk, pair: Pair) => void> = {
  schema: compareSchemas,
  'schema but null': (walk, pair) => compareSchemas(walk, pair, false),
  parameter: compareParameters,
  body: compareBodies,
  response: compareResponses,
  header: compareHeaders,
};

/** Compares what stands behind a reference, or in its place. */
export function comparePart(walk: Walk, part: Part, pair: Pair): void {
  comparisons[part](walk, pair);
}
