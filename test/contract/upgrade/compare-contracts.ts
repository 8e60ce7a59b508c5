import { type Description, type JsonObject, pointerStep } from '../kept/description.ts';
import { compareAnswers, comparePart, compareRequests } from './compare-operations.ts';
import { type Change, compareWeights, type Difference, type Direction, weightOf } from './contract-change.ts';
import type { Pair, Part, Walk } from './contract-pair.ts';

interface Unit {
  /** Such as `components/schemas/issue`. */
  component: string | undefined;
  differences: Difference[];
  requests: Set<string>;
  answers: Set<string>;
}

type Compare = (walk: Walk, pair: Pair) => void;
type Operation = { name: string; pointer: string; value: JsonObject };

/**
 * What changed between two cuts of GitHub's description, worst first. What several operations or webhooks share is one
 * change that names them all.
 * @param newer may lack operations and webhooks of the kept one
 */
export function compareContracts(kept: Description, newer: Description): Change[] {
  const units = new Map<string, Unit>();
  const visit = (
    key: string,
    component: string | undefined,
    user: string,
    direction: Direction,
    run: Compare,
    pair: Pair,
  ) => {
    const known = units.get(key);
    const unit = known ?? { component, differences: [], requests: new Set(), answers: new Set() };
    units.set(key, unit);
    const users = direction === 'request' ? unit.requests : unit.answers;
    if (users.has(user)) return;
    users.add(user);
    const walk: Walk = {
      kept,
      newer,
      report: (difference) => {
        if (known === undefined) unit.differences.push(difference);
      },
      lead: (part: Part, inner: Pair) =>
        visit(
          `${part} ${inner.kept.pointer} ${inner.newer.pointer}`,
          labelOf(inner),
          user,
          direction,
          (deeper, found) => comparePart(deeper, part, found),
          inner,
        ),
    };
    run(walk, pair);
  };

  const compareSide = (before: Map<string, Operation>, now: Map<string, Operation>, isWebhook: boolean) => {
    for (const name of new Set([...before.keys(), ...now.keys()])) {
      const one = before.get(name);
      const other = now.get(name);
      const subject = isWebhook ? 'webhook' : 'operation';
      const sent: Direction = isWebhook ? 'answer' : 'request';
      if (one !== undefined && other !== undefined) {
        const pair: Pair = { kept: one, newer: other, subject: `the ${subject}` };
        visit(`sent ${name}`, undefined, name, sent, compareRequests, pair);
        if (!isWebhook) visit(`answered ${name}`, undefined, name, 'answer', compareAnswers, pair);
      } else {
        const pointer = (other ?? one)?.pointer ?? '#';
        const kind = other === undefined ? 'gone' : 'new';
        const difference: Difference = { kind, subject, pointer, before: undefined, now: undefined };
        const users = { requests: new Set<string>(), answers: new Set<string>() };
        (isWebhook ? users.answers : users.requests).add(name);
        units.set(`${kind} ${name}`, { component: undefined, differences: [difference], ...users });
      }
    }
  };
  compareSide(operationsOf(kept), operationsOf(newer), false);
  compareSide(webhooksOf(kept), webhooksOf(newer), true);
  return [...units.values()].flatMap(changesOf).toSorted(compareChanges);
}

function operationsOf(description: Description): Map<string, Operation> {
  return collect('#/paths', description.paths, (path, method) => `${method.toUpperCase()} ${path}`);
}

function webhooksOf(description: Description): Map<string, Operation> {
  return collect('#/x-webhooks', description.webhooks, (name) => `webhook ${name}`);
}

function collect(
  root: string,
  items: Readonly<Record<string, JsonObject>>,
  nameOf: (key: string, method: string) => string,
): Map<string, Operation> {
  const found = new Map<string, Operation>();
  for (const [key, item] of Object.entries(items)) {
    for (const [method, value] of Object.entries(item)) {
      if (value === null || typeof value !== 'object' || !('responses' in value || 'requestBody' in value)) continue;
      const name = nameOf(key, method);
      found.set(name, { name, pointer: `${root}/${pointerStep(key)}/${method}`, value });
    }
  }
  return found;
}

function labelOf({ kept, newer }: Pair): string {
  const [before, now] = [kept, newer].map(({ pointer }) => pointer.slice('#/'.length));
  return before === now ? `${now}` : `${before} → ${now}`;
}

function changesOf({ component, differences, requests, answers }: Unit): Change[] {
  return differences.map((difference) => {
    const found: Direction[] = [];
    if (requests.size > 0) found.push('request');
    if (answers.size > 0) found.push('answer');
    const [weight = 'widens'] = found.map((direction) => weightOf(difference.kind, direction)).toSorted(compareWeights);
    return { ...difference, weight, component, requests: [...requests].toSorted(), answers: [...answers].toSorted() };
  });
}

function compareChanges(one: Change, other: Change): number {
  return (
    compareWeights(one.weight, other.weight) ||
    compareText(one.pointer, other.pointer) ||
    compareText(one.kind, other.kind) ||
    compareText(one.subject, other.subject)
  );
}

const compareText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
