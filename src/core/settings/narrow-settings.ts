import type { Dispatcher, LayerSettings, OperatorShared, SharedSettings } from './types.ts';

/**
 * What holds for a fleet: operator, then organization, then control repository, where each can only narrow.
 * Numbers take the minimum, allow-lists intersect, protected paths add up, booleans take the safer value.
 * A layer that is null has no file; null in a layer says nothing.
 * Mentions need somebody's `true`, and `false` forbids them anywhere; of webhooks the nearest to the fleet holds.
 *
 * Two settings start closed and are opened above the control repository alone, because whoever can write there could
 * otherwise act for others:
 * - a control repository more visible than its targets needs the organization's `true`; the operator's and the
 *   control repository's `false` still forbid it;
 * - dispatchers are listed by the operator, or by the organization where the operator's file has no such key. Every
 *   list below a list keeps of it what both have: without this, a writer of any repository could name anybody as
 *   `run_as` and have that person's permissions.
 */
export function narrow(
  operator: OperatorShared,
  organization: LayerSettings | null,
  repository: LayerSettings | null,
): SharedSettings {
  const lower = [organization, repository].filter((layer) => layer !== null);
  return {
    confirmOver: Math.min(operator.confirmOver, ...lower.map((layer) => layer.confirmOver ?? Infinity)),
    parallel: least([operator.parallel, ...lower.map((layer) => layer.parallel)]),
    agents: intersection([operator.agents, ...lower.map((layer) => layer.agents)]),
    protectedPaths: [...new Set([...operator.protectedPaths, ...lower.flatMap((layer) => layer.protectedPaths ?? [])])],
    maxFiles: Math.min(operator.maxFiles, ...lower.map((layer) => layer.maxFiles ?? Infinity)),
    maxBytes: Math.min(operator.maxBytes, ...lower.map((layer) => layer.maxBytes ?? Infinity)),
    maxFleetBudgetUsd: least([operator.maxFleetBudgetUsd, ...lower.map((layer) => layer.maxFleetBudgetUsd)]),
    allowMoreVisibleControlRepository:
      operator.allowMoreVisibleControlRepository &&
      organization?.allowMoreVisibleControlRepository === true &&
      repository?.allowMoreVisibleControlRepository !== false,
    approvers: intersection([operator.approvers, ...lower.map((layer) => layer.approvers)]),
    notSender: operator.notSender || lower.some((layer) => layer.notSender === true),
    dispatchers: dispatchersOf(operator, organization, repository),
    notify: notifyOf([repository, organization, operator].map((layer) => layer?.notify ?? null)),
  };
}

/** @param layers the nearest first */
function notifyOf(layers: readonly ({ mention: boolean | null; webhook?: string | null } | null)[]) {
  const said = layers.map((layer) => layer?.mention ?? null);
  return {
    mention: said.includes(true) && !said.includes(false),
    webhook: layers.find((layer) => layer?.webhook != null)?.webhook ?? null,
  };
}

function least(values: readonly (number | null)[]): number | null {
  const given = values.filter((value) => value !== null);
  return given.length === 0 ? null : Math.min(...given);
}

/** What every list has, without regard to case; null, when there is no list, is everything. */
function intersection(lists: readonly (readonly string[] | null)[]): readonly string[] | null {
  return lists.reduce((left, right) => {
    if (left === null || right === null) return left ?? right;
    const others = new Set(right.map((entry) => entry.toLowerCase()));
    return left.filter((entry) => others.has(entry.toLowerCase()));
  }, null);
}

function dispatchersOf(
  operator: OperatorShared,
  organization: LayerSettings | null,
  repository: LayerSettings | null,
): readonly Dispatcher[] {
  const fixed = operator.dispatchersFixed === true || operator.dispatchers.length > 0;
  const listed = organization?.dispatchers ?? null;
  const above = !fixed ? (listed ?? []) : listed === null ? operator.dispatchers : inBoth(operator.dispatchers, listed);
  const below = repository?.dispatchers ?? null;
  return below === null ? above : inBoth(above, below);
}

/** The same bot for the same repository and person: the workflows of both lists, the tags of either. */
function inBoth(above: readonly Dispatcher[], below: readonly Dispatcher[]): Dispatcher[] {
  return above.flatMap((upper) =>
    below
      .filter(
        (lower) =>
          same(upper.login, lower.login) && same(upper.repository, lower.repository) && same(upper.runAs, lower.runAs),
      )
      .map((lower) => ({
        ...upper,
        workflows: upper.workflows.filter((workflow) => lower.workflows.includes(workflow)),
        within: { tag: [...new Set([...upper.within.tag, ...lower.within.tag])] },
      }))
      .filter(({ workflows }) => workflows.length > 0),
  );
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
