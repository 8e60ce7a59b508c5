import { expect, test } from 'vitest';
import { askingNodes, estimateAgents } from '../../src/core/agent-estimate.ts';
import { estimateText, estimateWarnings, expectedText } from '../../src/core/render/estimate-words.ts';
import { parseWorkflow } from '../../src/core/workflow/parse-workflow.ts';
import type { Workflow } from '../../src/core/workflow/types.ts';

const NODES = `
nodes:
  - { id: plain, bash: "true" }
  - { id: ask, prompt: Look. }
  - id: answer
    prompt: Look.
    output_format: { type: object }
    retry: { max_attempts: 3 }
  - id: again
    loop: { prompt: Look., until: DONE, max_iterations: 5 }
    agent: { budget_usd: 8 }
  - id: group
    loop_group:
      until: DONE
      max_iterations: 4
      nodes:
        - { id: fix, prompt: Look., agent: { budget_usd: 2 } }
`;

function parsedWorkflow(text: string): Workflow {
  const parsed = parseWorkflow(text, 'go.yml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.workflow;
}

const estimate = (
  lines: string,
  change: Partial<Parameters<typeof estimateAgents>[0]> & {
    agent?: { budgetUsd: number | null; worstCaseUsd: number };
  } = {},
) => {
  const { agent = { budgetUsd: null, worstCaseUsd: 5 }, ...rest } = change;
  const workflow = parsedWorkflow(`name: go\n${lines}`);
  const agents = Object.fromEntries(askingNodes(workflow.nodes).map(({ place }) => [place, 'told']));
  const found = { workflow, agents, definitions: { told: agent }, targets: 10, leftUsd: null, earlier: null };
  return estimateAgents({ ...found, budgetUsd: workflow.limits.budgetUsd, ...rest });
};

test('sessions are counted with iterations, tries and questions asked again, by the place of their node', () => {
  expect(
    askingNodes(parsedWorkflow(`name: go\n${NODES}`).nodes).map(({ place, sessions }) => [place, sessions]),
  ).toEqual([
    ['ask', 1],
    ['answer', 6],
    ['again', 5],
    ['group/fix', 4],
  ]);
  expect(estimate(NODES)).toMatchObject({ sessionsEach: 16, sessions: 160 });
});

test('a workflow that asks no agent has no estimate', () => {
  expect(estimate('nodes: [{ id: plain, bash: "true" }]')).toBeNull();
});

test('unknown costs come to the worst case of as many sessions as the budgets of nodes and tasks let begin', () => {
  // 1 and 6 sessions, 2 of 5 until $8 are used up, 1 of 4 until $2 are.
  expect(estimate(NODES)?.worstUsd).toBe(500);
  expect(estimate(`limits: { task_budget_usd: 7 }${NODES}`)?.worstUsd).toBe(120);
  expect(estimate(NODES, { agent: { budgetUsd: null, worstCaseUsd: 0 } })?.worstUsd).toBe(0);
});

test('the smallest sum of budgets bounds what all may cost', () => {
  const most = (...of: Parameters<typeof estimate>) => {
    const { mostUsd, mostBy } = estimate(...of) ?? {};
    return [mostUsd, mostBy];
  };
  expect(most(NODES), 'two nodes have none').toEqual([null, '']);
  expect(most(`limits: { budget_usd: 25 }${NODES}`)).toEqual([25, '`limits.budget_usd`']);
  expect(most(NODES, { budgetUsd: 20 })).toEqual([20, "the settings' `max_fleet_budget_usd`"]);
  expect(most(`limits: { budget_usd: 25, task_budget_usd: 2 }${NODES}`)).toEqual([20, '`limits.task_budget_usd`']);
  expect(most(NODES, { agent: { budgetUsd: 0.1, worstCaseUsd: 5 } })).toEqual([
    // 0.1 and 0.6, and less than what the nodes themselves allow: 0.5 and 0.4.
    16,
    'the budgets of its nodes and agents',
  ]);
});

const words = { sessions: 24, sessionsEach: 3, mostUsd: null, mostBy: '', worstUsd: 120, leftUsd: null, earlier: null };

test('people are told how many sessions there can be and what bounds them, and that more is not known', () => {
  expect(estimateText(words)).toBe('up to 24 sessions, 3 in each repository; no budget bounds what they cost');
  expect(estimateText({ ...words, sessions: 1, sessionsEach: 1, mostUsd: 2.5, mostBy: '`x`' })).toBe(
    'up to 1 session; all together at most $2.50, by `x`',
  );
});

test('people are told what earlier runs let expect, or that nothing does', () => {
  expect(expectedText(words)).toBe('What they will cost is not known before.');
  expect(expectedText({ ...words, earlier: { tasks: 1_200, eachUsd: 0.081 } })).toBe(
    'By the 1,200 earlier runs that told costs, they may come to about $0.65.',
  );
});

test('people are warned before anything runs where it may be too little', () => {
  expect(estimateWarnings(words, 'mona')).toEqual([]);
  expect(estimateWarnings({ ...words, mostUsd: 25, mostBy: '`x`' }, 'mona')).toEqual([
    'Agents that do not tell what they cost count for $120, more than that: what comes after it is used up fails.',
  ]);
  expect(estimateWarnings({ ...words, leftUsd: 200 }, 'mona')).toEqual([
    'mona had $200 left of what the operator allows a person in 24 hours.',
  ]);
  expect(estimateWarnings({ ...words, worstUsd: 0, mostUsd: 25, leftUsd: 3.2 }, 'mona')).toEqual([
    'mona had $3.20 left of what the operator allows a person in 24 hours, and they may come to more: what comes after it fails.',
  ]);
});
