import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ConfiguredAgent } from '../../src/worker/context.ts';
import { toldAgent } from './told-agents.ts';
import { services, workflowFiles } from './workflows.ts';
import { openWorld } from './world.ts';

/** A world with an agent that costs what it is told, in which `go` is a workflow of these lines over the repositories. */
async function givenWorkflow(
  lines: string,
  {
    names = ['one'],
    settings = '',
    operator = '',
    agent = {},
  }: { names?: readonly string[]; settings?: string; operator?: string; agent?: Partial<ConfiguredAgent> } = {},
) {
  const { prompts, agents = {}, settings: told = '' } = toldAgent(agent);
  const files = {
    ...workflowFiles({ go: `name: go\nservices: [{ tag: app }]\n${lines}` }),
    ...(settings === '' ? {} : { '.github/fleet.yml': settings }),
  };
  const world = await openWorld({
    agents,
    settings: `${told}${operator}`,
    platform: { files },
    repositories: services(...names),
  });
  const tracked = async () => (await world.trackingIssues()).map(({ body }) => body ?? '').join('\n');
  return { world, asked: (service: string) => prompts(service).length, tracked };
}

/** A pipe: whoever reads it waits until the test writes to it. */
function givenDoor(): string {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-door-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const door = join(folder, 'door');
  execFileSync('sh', ['-c', 'mkfifo "$1"', 'sh', door]);
  return door;
}

const loop = (prompt: string, budget: number): string => `
nodes:
  - id: work
    loop: { prompt: "${prompt}", until: DONE, max_iterations: 6 }
    agent: { budget_usd: ${budget} }
`;

describe('the budget of a node', () => {
  it('stops an agent that goes on spending, and nothing is pushed or tried again', async () => {
    const { world, asked, tracked } = await givenWorkflow(`
nodes:
  - id: ask
    prompt: |
      write half = done
      burn 0.5
    agent: { name: told, budget_usd: 2 }
    retry: { max_attempts: 3, on_error: all }
`);
    await world.comment('mona', '/fleet go');
    const [task] = await world.tasks();
    expect(task).toMatchObject({ status: 'failed', category: 'budget' });
    expect(task?.reason).toMatch(/^Node `ask` cost \$\d+\.\d0, over its `budget_usd` of \$2\.$/);
    expect(task?.costUsd).toBeGreaterThan(2);
    expect(task?.countedUsd).toBe(task?.costUsd);
    expect(asked('one')).toBe(1);
    expect(await world.pulls('one')).toEqual([]);
    expect(await tracked()).toContain(`$${task?.costUsd?.toFixed(2)}`);
  });

  it('is of all iterations together', async () => {
    const { world, asked } = await givenWorkflow(loop('cost 0.8', 2));
    await world.comment('mona', '/fleet go');
    const [task] = await world.tasks();
    expect(task).toMatchObject({ status: 'failed', category: 'budget', costUsd: 2.4, countedUsd: 2.4 });
    expect(task?.reason).toBe(
      'Node `work` cost $0.80, with which its sessions count for $2.40, over its `budget_usd` of $2.',
    );
    expect(asked('one')).toBe(3);
  });

  it('of which nothing is left starts no agent', async () => {
    const { world, asked } = await givenWorkflow(loop('cost 0.8', 1.6));
    await world.comment('mona', '/fleet go');
    const [task] = await world.tasks();
    expect(task).toMatchObject({ status: 'failed', category: 'budget', costUsd: 1.6 });
    expect(task?.reason).toBe(
      'Node `work` did not ask its agent again: its sessions count for $1.60, and its `budget_usd` is $1.60.',
    );
    expect(asked('one')).toBe(2);
  });

  it('is used up by unknown costs as by the worst case, and they stay unknown to people', async () => {
    const { world, asked, tracked } = await givenWorkflow(loop('answer not yet', 8));
    await world.comment('mona', '/fleet go');
    const [task] = await world.tasks();
    expect(task).toMatchObject({ status: 'failed', category: 'budget', costUsd: null, countedUsd: 10 });
    expect(asked('one')).toBe(2);
    const body = await tracked();
    expect(body).toContain('unknown');
    expect(body).not.toContain('$0.00');
  });

  it('is of a group with all its iterations, for each of its nodes', async () => {
    const { world, asked } = await givenWorkflow(`
nodes:
  - id: group
    loop_group:
      until: DONE
      max_iterations: 5
      nodes:
        - { id: ask, prompt: cost 1, agent: { budget_usd: 1.5 } }
`);
    await world.comment('mona', '/fleet go');
    const [task] = await world.tasks();
    expect(task).toMatchObject({ status: 'failed', category: 'budget', costUsd: 2 });
    expect(task?.reason).toContain('node `ask` cost $1.00, with which its sessions count for $2.00');
    expect(asked('one')).toBe(2);
  });
});

describe('the budget of a fleet', () => {
  it('that the first repository used up lets no agent of the second one start', async () => {
    const { world, asked, tracked } = await givenWorkflow(
      `limits: { budget_usd: 1 }
nodes:
  - { id: ask, prompt: "write a = b\\ncost 1" }
`,
      { names: ['one', 'two'] },
    );
    await world.comment('mona', '/fleet go');
    const [one, two] = await world.tasks();
    expect(one).toMatchObject({ status: 'completed', outcome: 'changed', costUsd: 1 });
    expect(two).toMatchObject({ status: 'failed', category: 'budget', costUsd: null, countedUsd: 0 });
    expect(two?.reason).toBe(
      'Node `ask` did not ask its agent: the sessions of the fleet count for $1.00, and `limits.budget_usd` is $1.',
    );
    expect([asked('one'), asked('two')]).toEqual([1, 0]);
    const body = await tracked();
    expect(body).toContain('cost $1.00 · tokens unknown');
    expect(body).not.toContain('+ unknown');
  });

  it('is the smaller one of the settings, frozen with the plan', async () => {
    const { world } = await givenWorkflow(
      `limits: { budget_usd: 25 }
nodes:
  - { id: ask, prompt: cost 2 }
`,
      { settings: 'max_fleet_budget_usd: 1.5' },
    );
    await world.comment('mona', '/fleet go');
    expect((await world.fleet()).plan.budgetUsd).toBe(1.5);
    const [task] = await world.tasks();
    expect(task).toMatchObject({ status: 'failed', category: 'budget', costUsd: 2 });
    expect(task?.reason).toBe("Node `ask` cost $2.00, over the settings' `max_fleet_budget_usd` of $1.50.");
  });

  it('stops an agent at work when that of another repository has used up what was left', async () => {
    const door = givenDoor();
    const { world, asked } = await givenWorkflow(
      `parallel: 2
limits: { budget_usd: 3 }
nodes:
  - id: name
    bash: echo "$SERVICE_NAME"
  - id: wait
    bash: read -r _ < ${door}
    depends_on: [name]
    when: $name.output == 'one'
  - { id: quick, prompt: cost 2.9, depends_on: [wait] }
  - id: slow
    prompt: burn 0.0005
    depends_on: [name]
    when: $name.output == 'two'
`,
      { names: ['one', 'two'] },
    );
    const going = world.comment('mona', '/fleet go');
    await expect.poll(() => asked('two'), { timeout: 20_000 }).toBe(1);
    await writeFile(door, 'open\n');
    await expect.poll(() => world.store.read.tasks.running(), { timeout: 20_000 }).toHaveLength(1);
    world.clock.move(5_000);
    await going;
    const [one, two] = await world.tasks();
    expect(one).toMatchObject({ status: 'completed', costUsd: 2.9 });
    expect(two).toMatchObject({ status: 'failed', category: 'budget' });
    expect(two?.reason).toContain('the sessions of the fleet count for $3.');
  });
});

describe('tokens', () => {
  const lines = `
nodes:
  - { id: ask, prompt: "write a = b\\ntokens 20000 2000 100000" }
`;

  it('are told beside a cost that nobody knows', async () => {
    const { world, tracked } = await givenWorkflow(lines);
    await world.comment('mona', '/fleet go');
    expect(await world.tasks()).toMatchObject([{ status: 'completed', costUsd: null, countedUsd: 5 }]);
    expect(await tracked()).toContain('cost unknown · 122k tokens');
    expect(await tracked()).toContain('| unknown · 122k tokens |');
  });

  it('are a cost by the prices of their agent, which the next plan expects again', async () => {
    const prices = { input: 3, output: 15, cachedInput: 0.3 };
    const { world, tracked } = await givenWorkflow(lines, { agent: { prices } });
    await world.comment('mona', '/fleet go');
    expect(await world.tasks()).toMatchObject([{ status: 'completed', costUsd: 0.12, countedUsd: 0.12 }]);
    expect(await tracked()).toContain('| ≈ $0.12 · 122k tokens |');
    const end = (await world.answers((await world.trackingIssues())[0]?.number ?? 0)).at(-1);
    expect(end).toContain('Cost: ≈ $0.12 · 122k tokens.');
    await world.comment('mona', '/fleet go --plan');
    expect(await tracked()).toContain('By 1 earlier run that told costs, they may come to about $0.12.');
  });
});

describe('what one person may spend in a day', () => {
  const DAY = 24 * 60 * 60_000;
  const lines = (cost: string) => `inputs: { of: { required: true } }
nodes:
  - { id: ask, prompt: "${cost}\\n{{of}}" }
`;

  it('is told with the plan, holds over fleets, and refuses a plan when nothing is left', async () => {
    const { world, asked, tracked } = await givenWorkflow(lines('cost 2'), {
      operator: 'max_user_budget_usd_per_day: 3\n',
    });
    await world.comment('mona', '/fleet go of=first');
    await world.comment('mona', '/fleet go of=second --plan');
    expect(await tracked()).toContain('- Agents: up to 1 session; no budget bounds what they cost.');
    expect(await tracked()).toContain(
      '  - mona had $1 left of what the operator allows a person in 24 hours, and they may come to more',
    );
    await world.comment('mona', '/fleet approve', { issue: (await world.trackingIssues()).at(-1)?.number ?? 0 });
    const [failed] = (await world.tasks()).filter(({ status }) => status === 'failed');
    expect(failed).toMatchObject({ category: 'budget', costUsd: 2 });
    expect(failed?.reason).toContain('the sessions that mona asked for in the last 24 hours count for $4.00');
    expect(failed?.reason).toMatch(/; there is room again at 2026-05-0[56] \d\d:\d\d UTC\.$/);

    await world.comment('mona', '/fleet go of=third');
    const answer = (await world.answers()).at(-1);
    expect(answer).toContain('Nothing is left of the budget');
    expect(answer).toContain('`max_user_budget_usd_per_day`');
    expect(answer).toMatch(/Give the command again after 2026-05-0[56] \d\d:\d\d UTC/);
    expect([asked('one'), await world.fleets()]).toMatchObject([2, { length: 2 }]);

    world.clock.move(DAY);
    await world.comment('mona', '/fleet go of=fourth');
    expect((await world.tasks()).at(-1)).toMatchObject({ status: 'completed', costUsd: 2 });
  });
});
