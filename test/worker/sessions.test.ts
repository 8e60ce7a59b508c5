import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { PromptNode } from '../../src/core/workflow/types.ts';
import type { AgentRequest, AgentResult } from '../../src/ports/agent.ts';
import type { Store } from '../../src/store/contract/store.ts';
import { openStore } from '../../src/store/sqlite/open.ts';
import type { ConfiguredAgent, OpenRun } from '../../src/worker/context.ts';
import { runAgent } from '../../src/worker/runners/run-agent.ts';
import { TaskStopped } from '../../src/worker/task-cancelled.ts';
import { aPlan, hubot, insertReady, mona, silentLog, startTask, temporaryFolder } from '../store/fixtures.ts';
import { configuredAgent } from '../story/configured-agent.ts';
import { givenRun } from './given-run.ts';

const DAY = 24 * 60 * 60_000;
const TOKENS = { input: 20_000, output: 2_000, cachedInput: 100_000 };
const PRICES = { input: 3, output: 15, cachedInput: 0.3 };

const node: PromptNode = {
  id: 'ask',
  kind: 'prompt',
  prompt: 'Mend it.',
  dependsOn: [],
  when: null,
  triggerRule: 'all_success',
  continueOnError: false,
  retry: null,
  alwaysRun: false,
  timeoutMs: 60_000,
  idleTimeoutMs: 60_000,
  agent: null,
  budgetUsd: null,
  outputFormat: null,
};

type Session = (request: AgentRequest) => Partial<AgentResult> | Promise<Partial<AgentResult>>;

/** Two fleets, `f-1` of mona's and `f-2` of hubot's, each with three tasks that ask one agent, which does what each session says. */
async function givenTasks(
  settings: {
    agent?: Partial<ConfiguredAgent>;
    fleetUsd?: number;
    taskUsd?: number;
    dayUsd?: number;
    others?: typeof mona;
  } = {},
) {
  const folder = await temporaryFolder();
  const store = await openStore({ file: join(folder.path, 'flotilla.db'), log: silentLog });
  onTestFinished(async () => {
    await store.close();
    await folder.remove();
  });
  const { fleetUsd = null, taskUsd = null, dayUsd = null, others = hubot } = settings;
  const limits = { taskTimeoutMs: 60_000, budgetUsd: fleetUsd, taskBudgetUsd: taskUsd };
  const plan = aPlan({
    workflow: { ...aPlan().workflow, limits },
    budgetUsd: fleetUsd,
    agents: { ask: 'told', first: 'told' },
  });
  await insertReady(store, 'f-1', 3, { plan, runAs: mona });
  await insertReady(store, 'f-2', 3, { plan, runAs: others });
  const clock = { at: 5_000, now: () => clock.at };
  let asked = 0;
  const stop = new AbortController();

  async function ask(taskId: string, session: Session, of: PromptNode = node) {
    const agents = {
      async run(request: AgentRequest): Promise<AgentResult> {
        asked += 1;
        return { ...SILENT, ...(await session(request)) };
      },
    };
    const run = givenRun({}, stop.signal, store, {
      agents,
      clock,
      random: (bytes) => randomBytes(bytes),
      configuredAgents: { told: configuredAgent({ command: 'told', ...settings.agent }) },
      maxUserBudgetUsdPerDay: dayUsd,
    });
    return runAgent(
      { ...run, claimedAt: 0, ...(await held(store, taskId)) },
      {
        node: of,
        scope: {
          nodes: [of],
          path: '',
          place: '',
          inputs: {},
          inputDefinitions: {},
          data: new Set(),
          outer: new Map(),
          loop: null,
        },
        visible: new Map(),
      },
      { ...of, logName: 'ask' },
    );
  }
  return { store, clock, ask, stop, asked: () => asked };
}

const SILENT: AgentResult = {
  stopReason: 'end_turn',
  text: 'Done.',
  costUsd: null,
  tokens: null,
  agent: null,
  model: null,
  prompted: true,
  message: null,
};

async function held(store: Store, taskId: string): Promise<Pick<OpenRun, 'task' | 'fleet'>> {
  const known = await store.read.tasks.get(taskId);
  const running = known?.status === 'running' ? { ...known, id: taskId } : await startTask(store, taskId);
  const fleet = await store.read.fleets.get(running.fleetId);
  if (fleet === undefined) throw new Error(`no fleet of ${taskId}`);
  return { task: running, fleet };
}

const cost =
  (usd: number): Session =>
  ({ mayCost }) => ({ costUsd: usd, ...(mayCost(usd) ? {} : { stopReason: 'over_budget' as const }) });

/** At work until the test lets it end; tells nothing. */
function door(end: Partial<AgentResult> = {}) {
  const { promise, resolve } = Promise.withResolvers<Partial<AgentResult>>();
  return { session: () => promise, open: () => resolve(end) };
}

describe('a session', () => {
  it('is told of with its tokens, its agent and its model, which are strangers’ words', async () => {
    const { ask, store } = await givenTasks();
    const result = await ask('f-1/0', () => ({
      tokens: TOKENS,
      agent: 'opencode 1.18.33\nghs_16C7e42F292c6912E7710c838347Ae178B4a',
      model: `${'x'.repeat(200)}\u001b[31m`,
    }));
    expect(result).toMatchObject({ status: 'completed', costUsd: null, tokens: TOKENS, agent: 'opencode 1.18.33 ***' });
    expect(result.model).toHaveLength(100);
    const spent = await store.read.sessions.spentOfFleet('f-1');
    expect(spent.get('f-1/0')).toMatchObject({ unknown: 1, tokens: TOKENS, unknownTokens: 0 });
  });

  it('adds up with others of its node: what is known, beside what is not', async () => {
    const { ask, store } = await givenTasks();
    const format = { type: 'object' };
    let asked = 0;
    const answers: Partial<AgentResult>[] = [
      { text: 'not JSON', costUsd: 0.25, tokens: TOKENS, agent: 'opencode 1' },
      { text: '{}' },
    ];
    const result = await ask('f-1/0', () => answers[asked++] ?? {}, { ...node, outputFormat: format });
    expect(result).toMatchObject({ status: 'completed', costUsd: 0.25, tokens: TOKENS, agent: 'opencode 1' });
    expect((await store.read.sessions.spentOfFleet('f-1')).get('f-1/0')).toEqual({
      sessions: 2,
      knownUsd: 0.25,
      computed: false,
      unknown: 1,
      tokens: TOKENS,
      unknownTokens: 1,
    });
  });

  it('whose agent never got the prompt cost nothing, and one whose agent breaks counts for its worst case', async () => {
    const { ask, store } = await givenTasks();
    await ask('f-1/0', () => ({ stopReason: 'error', prompted: false, message: 'no such file' }));
    expect(await store.read.tasks.get('f-1/0')).toMatchObject({ costUsd: null, countedUsd: 0 });
    const broken = ask('f-1/0', () => Promise.reject(new Error('broken')));
    await expect(broken).rejects.toThrow('broken');
    expect(await store.read.tasks.get('f-1/0')).toMatchObject({ costUsd: null, countedUsd: 5 });
  });
});

describe('prices', () => {
  it('make tokens a cost, which counts in place of the worst case', async () => {
    const { ask, store } = await givenTasks({ agent: { prices: PRICES } });
    const result = await ask('f-1/0', () => ({ tokens: TOKENS }));
    expect(result).toMatchObject({ status: 'completed', costUsd: 0.12, costComputed: true });
    expect(await store.read.tasks.get('f-1/0')).toMatchObject({ costUsd: 0.12, countedUsd: 0.12 });
    expect((await store.read.sessions.spentOfFleet('f-1')).get('f-1/0')).toMatchObject({ computed: true, unknown: 0 });
  });

  it('do not change what the agent tells itself', async () => {
    const { ask } = await givenTasks({ agent: { prices: PRICES } });
    const result = await ask('f-1/0', () => ({ tokens: TOKENS, costUsd: 0.5 }));
    expect(result).toMatchObject({ costUsd: 0.5, costComputed: false });
  });

  it('let a budget fail the node whose tokens cost more', async () => {
    const { ask } = await givenTasks({ agent: { prices: PRICES } });
    const result = await ask('f-1/0', () => ({ tokens: TOKENS }), { ...node, budgetUsd: 0.1 });
    expect(result).toMatchObject({ status: 'failed', category: 'budget' });
    expect(result.reason).toBe('cost $0.12, over its `budget_usd` of $0.10.');
  });
});

describe('a budget', () => {
  it('of the agent stops each session by itself', async () => {
    const { ask } = await givenTasks({ agent: { budgetUsd: 1 } });
    expect(await ask('f-1/0', cost(1))).toMatchObject({ status: 'completed' });
    const over = await ask('f-1/0', cost(1.2));
    expect(over).toMatchObject({ status: 'failed', category: 'budget' });
    expect(over.reason).toBe("cost $1.20, over its agent's `budget_usd` in the settings of $1.");
  });

  it('of a task is of all its nodes, over all attempts, and of no other task', async () => {
    const { ask, store } = await givenTasks({ taskUsd: 2 });
    await ask('f-1/0', cost(1), { ...node, id: 'first' });
    await ask('f-1/0', cost(0.5));
    const { task } = await held(store, 'f-1/0');
    await store.write((tx) => tx.tasks.requeue(task, 'lost', 0, 5_000));
    const again = await ask('f-1/0', cost(0.1));
    expect(again).toMatchObject({ status: 'completed' });
    const over = await ask('f-1/0', cost(0.5));
    expect(over.reason).toBe(
      'cost $0.50, with which the sessions of the task count for $2.10, over `limits.task_budget_usd` of $2.',
    );
    const refused = await ask('f-1/0', cost(0.1));
    expect(refused).toMatchObject({ status: 'failed', category: 'budget' });
    expect(refused.reason).toBe(
      'did not ask its agent: the sessions of the task count for $2.10, and `limits.task_budget_usd` is $2.',
    );
    expect(await ask('f-1/1', cost(2))).toMatchObject({ status: 'completed' });
  });

  it('lets a session wait while those at work may leave nothing, and start when one tells that it costs less', async () => {
    const { ask, asked } = await givenTasks({ fleetUsd: 5 });
    const silent = door();
    const first = ask('f-1/0', silent.session);
    await expect.poll(asked).toBe(1);
    const second = ask('f-1/1', cost(1));
    await wait(700);
    expect(asked(), 'the first one counts for 5 of 5').toBe(1);
    silent.open();
    expect(await first).toMatchObject({ status: 'completed' });
    expect(await second).toMatchObject({ status: 'failed', category: 'budget' });
    expect(asked(), 'the first one never told').toBe(1);

    const talking = door({ costUsd: 0.2 });
    const third = ask('f-2/0', ({ mayCost }) => {
      mayCost(0.2);
      return talking.session();
    });
    const fourth = await ask('f-2/1', cost(1));
    expect(fourth).toMatchObject({ status: 'completed', costUsd: 1 });
    talking.open();
    await third;
  });

  it('for which a session waits does not hold up a cancel', async () => {
    const { ask, asked, stop } = await givenTasks({ fleetUsd: 5 });
    const silent = door();
    const first = ask('f-1/0', silent.session);
    await expect.poll(asked).toBe(1);
    const second = ask('f-1/1', cost(1));
    stop.abort();
    await expect(second).rejects.toThrow(TaskStopped);
    silent.open();
    await first;
  });

  it('keeps what a session had told when the server was killed, or its worst case', async () => {
    const { ask, asked, store } = await givenTasks({ fleetUsd: 5 });
    void ask('f-1/0', () => new Promise(() => {}));
    await expect.poll(asked).toBe(1);
    await store.write((tx) => tx.orphanLeases());
    const next = await ask('f-1/1', cost(1));
    expect(next.reason).toContain('the sessions of the fleet count for $5.00');
  });
});

describe("what one person's sessions may cost in a day", () => {
  const ceiling = "the operator's `max_user_budget_usd_per_day`";

  it('holds over all their fleets, for nobody else, and until what was spent is a day old', async () => {
    const { ask, clock } = await givenTasks({ dayUsd: 3, others: mona });
    expect(await ask('f-1/0', cost(2))).toMatchObject({ status: 'completed' });
    clock.at += 60 * 60_000;
    const over = await ask('f-2/0', cost(1.5));
    expect(over).toMatchObject({ status: 'failed', category: 'budget' });
    expect(over.reason).toBe(
      `cost $1.50, with which the sessions that mona asked for in the last 24 hours count for $3.50, over ${ceiling} of $3; there is room again at 1970-01-02 00:01 UTC.`,
    );
    const refused = await ask('f-2/1', cost(1));
    expect(refused.reason).toBe(
      `did not ask its agent: the sessions that mona asked for in the last 24 hours count for $3.50, and ${ceiling} is $3; there is room again at 1970-01-02 00:01 UTC.`,
    );
    clock.at = 5_000 + DAY;
    expect(await ask('f-2/2', cost(1))).toMatchObject({ status: 'completed' });
  });

  it('leaves others alone, and counts what is unknown by its worst case', async () => {
    const { ask } = await givenTasks({ dayUsd: 5 });
    expect(await ask('f-1/0', () => ({}))).toMatchObject({ status: 'completed', costUsd: null });
    expect((await ask('f-1/1', cost(1))).reason).toContain('count for $5.00');
    expect(await ask('f-2/0', cost(1))).toMatchObject({ status: 'completed' });
  });
});
