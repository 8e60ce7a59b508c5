import { expect, test } from 'vitest';
import { readPlan } from '../../src/store/documents.ts';
import { aPlan } from './fixtures.ts';

test('a plan of format 1 gets what its commands and prompts do without, and keeps all that it says', () => {
  const { workflow, source, ...plan } = aPlan();
  const { rollout: _w, opensPullRequests: _o, requires: _r, evidence: _e, ...older } = workflow;
  const { files: _f, includes: _i, ...text } = source;
  const fields = { dependsOn: [], when: null, timeoutMs: 1, continueOnError: true };
  const nodes = [
    { id: 'a', kind: 'bash', script: 'make', ...fields },
    { id: 'b', kind: 'prompt', prompt: 'Look.', agent: null, idleTimeoutMs: 1, ...fields },
  ];
  const stored = JSON.stringify({ ...plan, format: 1, source: text, workflow: { ...older, nodes } });
  const later = { triggerRule: 'all_success', retry: null, alwaysRun: false, outputFormat: null };
  expect(readPlan(stored)).toEqual({
    ...plan,
    source,
    workflow: {
      ...workflow,
      nodes: [
        { ...nodes[0], ...later, env: {} },
        { ...nodes[1], ...later, budgetUsd: null },
      ],
    },
  });
});

test('a plan of format 2 gets a single wave', () => {
  const { workflow, ...plan } = aPlan();
  const { rollout: _, ...older } = workflow;
  const target = { repositoryId: 1, repository: 'acme/one', visibility: 'private' } as const;
  const stored = JSON.stringify({ ...plan, format: 2, workflow: older, targets: [target] });
  expect(readPlan(stored)).toEqual({ ...plan, workflow, targets: [{ ...target, wave: 0, stage: 0 }] });
});

test('a plan of format 2 has no budgets, in groups neither', () => {
  const { budgetUsd: _b, ...plan } = aPlan();
  const { limits, ...workflow } = plan.workflow;
  const ask = { id: 'ask', kind: 'prompt', prompt: 'Look.' };
  const group = { id: 'all', kind: 'loop_group' };
  const stored = {
    ...plan,
    format: 2,
    workflow: { ...workflow, limits: { taskTimeoutMs: 1 }, nodes: [{ ...group, nodes: [ask] }] },
  };
  const nodes = [{ ...group, nodes: [{ ...ask, budgetUsd: null }] }];
  expect(readPlan(JSON.stringify(stored))).toMatchObject({
    budgetUsd: null,
    workflow: { limits: { ...limits, taskTimeoutMs: 1, budgetUsd: null }, nodes },
  });
});

test('a plan from before previews is none', () => {
  const { flags, ...plan } = aPlan();
  const { preview: _, ...older } = flags;
  expect(readPlan(JSON.stringify({ ...plan, flags: older }))).toEqual({ ...plan, flags });
  const preview = { ...plan, flags: { ...flags, preview: true } };
  expect(readPlan(JSON.stringify(preview))).toEqual(preview);
});

test('what is no plan is refused with the name of its column', () => {
  expect(() => readPlan('{"format":1}')).toThrow("The store's fleets.plan is damaged");
  expect(() => readPlan('{"format":4,"workflow":{},"targets":[]}')).toThrow('not a plan of format 3');
});

test('a plan from before tasks had budgets has none, and no estimate', () => {
  const { agentEstimate: _, ...plan } = aPlan();
  const { taskBudgetUsd: _t, ...limits } = { ...plan.workflow.limits, budgetUsd: 25 };
  const stored = { ...plan, workflow: { ...plan.workflow, limits } };
  expect(readPlan(JSON.stringify(stored))).toEqual({
    ...plan,
    agentEstimate: null,
    workflow: { ...plan.workflow, limits: { ...limits, taskBudgetUsd: null } },
  });
});

test('a plan from before notifications tells nobody', () => {
  const { notify: _, ...stored } = aPlan();
  expect(readPlan(JSON.stringify(stored))).toEqual({ ...stored, notify: { mention: false, webhook: null } });
  const told = aPlan({ notify: { mention: true, webhook: { kind: 'operator' } } });
  expect(readPlan(JSON.stringify(told))).toEqual(told);
});
