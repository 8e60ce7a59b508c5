import type { Json } from '../kept/description.ts';

/**
 * What a change means for us, worst first.
 * breaks requests: what we send may be refused.
 * breaks answers: what we receive may be other than what we read.
 * announces: nothing yet; GitHub says that it will go.
 * widens: nothing that we send or read stops working.
 */
export const weights = ['breaks requests', 'breaks answers', 'announces', 'widens'] as const;
export type Weight = (typeof weights)[number];

/** request: what we send. answer: what GitHub sends, as a response or as a webhook. */
export type Direction = 'request' | 'answer';

interface Meaning {
  request: Weight;
  answer: Weight;
  /** A clause about the subject, such as field `labels[].name`. */
  says: (subject: string) => string;
}

const breaksBoth = { request: 'breaks requests', answer: 'breaks answers' } as const;
const widensBoth = { request: 'widens', answer: 'widens' } as const;
const announcesBoth = { request: 'announces', answer: 'announces' } as const;
/** More is allowed than before: whoever reads must cope with it. */
const more = { request: 'widens', answer: 'breaks answers' } as const;
/** Less is allowed than before: whoever writes must keep to it. */
const less = { request: 'breaks requests', answer: 'widens' } as const;

const meanings = {
  gone: { ...breaksBoth, says: (subject) => `${subject} is gone` },
  new: { ...widensBoth, says: (subject) => `new ${subject}` },
  'new, required': { ...less, says: (subject) => `new ${subject}, required` },
  'new, optional': { ...widensBoth, says: (subject) => `new ${subject}, optional` },
  'now required': { ...less, says: (subject) => `${subject} is now required` },
  'no longer required': { ...more, says: (subject) => `${subject} is no longer required` },
  'now nullable': { ...more, says: (subject) => `${subject} may now be null` },
  'no longer nullable': { ...less, says: (subject) => `${subject} may no longer be null` },
  'type wider': { ...more, says: (subject) => `${subject} has more types` },
  'type narrower': { ...less, says: (subject) => `${subject} has fewer types` },
  'type changed': { ...breaksBoth, says: (subject) => `${subject} has another type` },
  'values new': { ...more, says: (subject) => `${subject} has new values` },
  'values gone': { ...less, says: (subject) => `${subject} has lost values` },
  'form new': { ...more, says: (subject) => `${subject} has a new form` },
  'form gone': { ...less, says: (subject) => `${subject} has lost a form` },
  'rule new': { ...less, says: (subject) => `${subject} has a new rule` },
  'rule gone': { ...more, says: (subject) => `${subject} has lost a rule` },
  'rule changed': { ...breaksBoth, says: (subject) => `${subject} has another rule` },
  'limit tighter': { ...less, says: (subject) => `${subject} has a tighter limit` },
  'limit looser': { ...widensBoth, says: (subject) => `${subject} has a looser limit` },
  // What we leave out means something else from now on, and so does the answer.
  'default changed': {
    request: 'breaks answers',
    answer: 'widens',
    says: (subject) => `${subject} has another default`,
  },
  'success new': { ...breaksBoth, says: (subject) => `new ${subject}` },
  'error gone': { ...widensBoth, says: (subject) => `${subject} is gone` },
  deprecated: { ...announcesBoth, says: (subject) => `${subject} is deprecated` },
  announced: { ...announcesBoth, says: (subject) => `a breaking change of ${subject} is announced` },
} satisfies Record<string, Meaning>;

export type Kind = keyof typeof meanings;

/** One difference between two places, before it is known who reaches them. */
export interface Difference {
  kind: Kind;
  /** Such as field `labels[].name`. */
  subject: string;
  /** Into the newer description; for what is gone, into the kept one. */
  pointer: string;
  before: Json | undefined;
  now: Json | undefined;
}

export interface Change extends Difference {
  weight: Weight;
  /** Such as `components/schemas/issue`; undefined where one operation or webhook says it itself. */
  component: string | undefined;
  /** Operations whose requests it touches, sorted. */
  requests: readonly string[];
  /** Operations whose answers it touches, and webhooks as `webhook push`, sorted. */
  answers: readonly string[];
}

export const weightOf = (kind: Kind, direction: Direction): Weight => meanings[kind][direction];

/** E.g. field `state` has new values. */
export const clauseOf = ({ kind, subject }: Difference): string => meanings[kind].says(subject);

export const compareWeights = (one: Weight, other: Weight): number => weights.indexOf(one) - weights.indexOf(other);
