import type { Json } from '../kept/description.ts';
import { type Change, clauseOf, compareWeights, type Weight, weights } from './contract-change.ts';

/** One change in words, from whichever of GitHub's contracts. */
export interface Finding {
  weight: Weight;
  /** One line. */
  text: string;
}

const NAMED = 3;
const LONGEST_VALUE = 120;

export function describeChange(change: Change): Finding {
  const { weight, pointer, before, now } = change;
  const values =
    before === undefined && now === undefined ? '' : ` (${[before, now].map(printValue).filter(Boolean).join(' → ')})`;
  return { weight, text: `${describePlace(change)}: ${clauseOf(change)}${values} — ${pointer}` };
}

function describePlace({ component, requests, answers }: Change): string {
  const touched = [...new Set([...requests, ...answers])];
  const [only = ''] = touched;
  const sides = [requests.length > 0 ? 'request' : '', answers.length > 0 ? 'answer' : ''].filter(Boolean);
  if (touched.length < 2) return only.startsWith('webhook ') ? only : `${only} (${sides.join(' and ')})`;
  const users = [
    requests.length > 0 ? `requests of ${listNames(requests)}` : '',
    answers.length > 0 ? `answers of ${listNames(answers)}` : '',
  ];
  return `${component ?? 'several'} (${users.filter(Boolean).join('; ')})`;
}

function listNames(names: readonly string[]): string {
  if (names.length <= NAMED) return names.join(', ');
  const webhooks = names.filter((name) => name.startsWith('webhook '));
  const operations = names.filter((name) => !name.startsWith('webhook '));
  const counts = [count(operations.length, 'operation'), count(webhooks.length, 'webhook')].filter(Boolean);
  const examples = [...operations.slice(0, webhooks.length > 0 ? NAMED - 1 : NAMED), ...webhooks].slice(0, NAMED);
  return `${counts.join(' and ')}, e.g. ${examples.join(', ')}`;
}

const count = (number: number, noun: string): string =>
  number === 0 ? '' : `${number} ${noun}${number === 1 ? '' : 's'}`;

function printValue(value: Json | undefined): string {
  if (value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

const headings: Record<Weight, string> = {
  'breaks requests': 'breaks requests: what we send may be refused',
  'breaks answers': 'breaks answers: what we receive may be other than what we read',
  announces: 'announces: GitHub says that it will go',
  widens: 'widens: nothing that we send or read stops working',
};

/** Lines under a heading per weight, worst first, and a last line with the counts; of no findings that line alone. */
export function printFindings(findings: readonly Finding[]): string[] {
  const sorted = findings.toSorted((one, other) => compareWeights(one.weight, other.weight));
  const groups = weights.map((weight) => ({ weight, texts: sorted.filter((one) => one.weight === weight) }));
  const found = groups.filter(({ texts }) => texts.length > 0);
  if (found.length === 0) return ['Nothing changed.'];
  const counts = found.map(({ weight, texts }) => `${texts.length} ${weight}`).join(', ');
  return [
    ...found.flatMap(({ weight, texts }) => [headings[weight], ...texts.map(({ text }) => `  ${text}`), '']),
    `${count(findings.length, 'change')}: ${counts}.`,
  ];
}
