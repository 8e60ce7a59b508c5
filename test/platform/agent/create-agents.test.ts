import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAgents } from '../../../src/platform/agent/create-agents.ts';
import type { AgentRequest, AgentResult } from '../../../src/ports/agent.ts';
import { emptyBox, unboxed } from '../../sandboxes.ts';
import { isAlive } from '../process/is-alive.ts';

let folder: string;
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const agents = createAgents({ log: silent, sandbox: unboxed, version: '1.2.3' });
const script = fileURLToPath(new URL('./scripted-agent.ts', import.meta.url));

function run(behaviour: string, changes: Partial<AgentRequest> = {}): Promise<AgentResult> {
  return agents.run({
    command: process.execPath,
    args: [script, behaviour],
    cwd: folder,
    env: { PATH: '/usr/bin:/bin', KEY: 'dummy' },
    variables: {},
    box: emptyBox,
    model: null,
    prompt: 'Repair it.',
    timeoutMs: 20_000,
    idleTimeoutMs: 20_000,
    signal: new AbortController().signal,
    transcriptFile: join(folder, 'transcript'),
    pidsFile: join(folder, 'pids'),
    secrets: [],
    mayCost: () => true,
    ...changes,
  });
}

const transcript = (): string[] => readFileSync(join(folder, 'transcript'), 'utf8').trim().split('\n');

async function whenSpoken(): Promise<void> {
  const file = join(folder, 'transcript');
  while (!existsSync(file) || !readFileSync(file, 'utf8').includes('agent_message_chunk')) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-agent-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('an agent', () => {
  it('works in the clone with its own environment and ends with its last message and cumulative cost', async () => {
    const result = await run('happy');
    expect(result).toEqual({
      stopReason: 'end_turn',
      text: 'Done.',
      costUsd: 0.25,
      tokens: null,
      agent: 'scripted 1',
      model: null,
      prompted: true,
      message: null,
    });
    const answer = JSON.parse(readFileSync(join(folder, 'answer.json'), 'utf8'));
    expect(answer.result).toEqual({ outcome: { outcome: 'selected', optionId: 'once' } });
    expect(answer.env).toEqual({ PATH: '/usr/bin:/bin', KEY: 'dummy' });
  });

  it('leaves a transcript of the prompt and every update, known or not, as lines of JSON', async () => {
    await run('happy');
    const lines = transcript().map((line) => JSON.parse(line));
    expect(lines[0]).toEqual({ kind: 'prompt', text: 'Repair it.' });
    expect(lines.filter((line) => line.kind === 'update').map((line) => line.update.sessionUpdate)).toEqual([
      'agent_message_chunk',
      'agent_message_chunk',
      'tool_call',
      'invented_by_a_newer_version',
      'usage_update',
      'agent_message_chunk',
      'usage_update',
      'agent_message_chunk',
    ]);
    expect(lines.at(-1)).toEqual({ kind: 'stop', stopReason: 'end_turn', message: null });
  });

  it('has an unknown cost, not a cost of zero, when it counts in something else than dollars', async () => {
    expect(await run('credits')).toMatchObject({ stopReason: 'refusal', costUsd: null });
  });

  it('may report its cost after its answer', async () => {
    expect(await run('late')).toMatchObject({ stopReason: 'end_turn', costUsd: 2 });
  });

  it('is understood although it prints something that is no message', async () => {
    expect(await run('rude')).toMatchObject({ stopReason: 'end_turn', text: 'fine' });
  });
});

describe("the operator's model", () => {
  it('is set in the session by its configuration option, and what it took of tokens is known', async () => {
    expect(await run('options', { model: 'fake/large' })).toMatchObject({
      stopReason: 'end_turn',
      text: 'fake/large',
      model: 'fake/large',
      tokens: { input: 800, output: 50, cachedInput: 200 },
    });
  });

  it('is set in the older way too, and what the agent says that it used is told', async () => {
    expect(await run('models', { model: 'fake/large' })).toMatchObject({
      stopReason: 'end_turn',
      text: 'fake/large',
      model: 'fake-used',
      tokens: { input: 3000, output: 150, cachedInput: 0 },
    });
  });

  it('is left to the agent where the settings name none', async () => {
    expect(await run('options')).toMatchObject({ text: 'fake/small', model: 'fake/small' });
  });

  it.each([
    ['options', 'fake/huge', 'scripted 1 has no model "fake/huge"; it offers "fake/small", "fake/large", '],
    ['models', 'fake/huge', 'scripted 1 has no model "fake/huge"; it offers "fake/small", "fake/large", '],
    ['options', 'fake/stubborn', 'scripted 1 was asked to use the model "fake/stubborn" and uses "fake/small".'],
    ['happy', 'fake/large', 'scripted 1 lets no model be chosen, and its settings ask for "fake/large".'],
  ])('that %s cannot use as %s is a fault of the settings, and nothing is asked', async (behaviour, model, message) => {
    const result = await run(behaviour, { model });
    expect(result).toMatchObject({ stopReason: 'not_configured', prompted: false, costUsd: null });
    expect(result.message).toContain(message);
  });
});

describe("the operator's key", () => {
  const key = 'AIzaSy+D-very/secret key of the operator';
  const forms = [key, encodeURIComponent(key), Buffer.from(key).toString('base64')];
  const env = { PATH: '/usr/bin:/bin', KEY: key };

  it('is in nothing that an agent says, neither whole nor in pieces', async () => {
    const result = await run('leaky', { env, secrets: [key] });
    const lines: { update?: { sessionUpdate: string; content?: { text: string } } }[] = transcript().map((line) =>
      JSON.parse(line),
    );
    const chunks = lines.filter(({ update }) => update?.sessionUpdate === 'agent_message_chunk');
    const spoken = chunks.map(({ update }) => update?.content?.text).join('');
    expect(spoken).toBe(`${'The key *** was refused; '.repeat(3)}*** and half of it: ***`);
    expect(result.text).toBe('*** and half of it: ***');
    expect(result.message).toContain('No ***');
    for (const part of forms.flatMap((form) => [form.slice(0, 12), form.slice(-12)])) {
      expect(`${result.text}\n${result.message}\n${transcript().join('\n')}`).not.toContain(part);
    }
    expect(lines.map(({ update }) => update?.sessionUpdate)).toContain('tool_call');
  });

  it('is not mistaken for what every message has: short values, the PATH, its own folder', async () => {
    const result = await run('login', { env, secrets: ['Log', '/usr/bin:/bin'] });
    expect(result.message).toContain('Log in first');
    const missing = await run('', { command: 'no-such-agent', args: [], secrets: ['/usr/bin:/bin'] });
    expect(missing.message).toContain('"/usr/bin:/bin"');
  });
});

describe('an agent that is stopped', () => {
  it('is asked to cancel first', async () => {
    const abort = new AbortController();
    const running = run('polite', { signal: abort.signal });
    await whenSpoken();
    abort.abort();
    const result = await running;
    expect(result).toMatchObject({ stopReason: 'cancelled', message: null });
    expect(isAlive(Number(result.text))).toBe(false);
  });

  it('is killed with its children within two seconds when it does not listen', async () => {
    const abort = new AbortController();
    const running = run('stubborn', { signal: abort.signal });
    await whenSpoken();
    const from = performance.now();
    abort.abort();
    const result = await running;
    expect(performance.now() - from).toBeLessThan(2000);
    expect(result.stopReason).toBe('cancelled');
    expect(Number(result.text)).toBeGreaterThan(0);
    expect(isAlive(Number(result.text))).toBe(false);
  });

  it('because it costs too much is gone within two seconds, and what it cost until then is known', async () => {
    const asked: number[] = [];
    const from = performance.now();
    const result = await run('costly', {
      mayCost(costUsd) {
        asked.push(costUsd);
        return costUsd <= 0.3;
      },
    });
    expect(performance.now() - from).toBeLessThan(3000);
    expect(result).toMatchObject({ stopReason: 'over_budget', costUsd: 1, prompted: true, message: null });
    expect(asked.slice(0, 3)).toEqual([0.01, 0.02, 0.03]);
  });

  it('before it got its prompt has cost nothing', async () => {
    expect(await run('happy', { signal: AbortSignal.abort() })).toMatchObject({ prompted: false, costUsd: null });
    expect(await run('login')).toMatchObject({ stopReason: 'not_configured', prompted: false });
    expect(await run('', { command: 'no-such-agent', args: [] })).toMatchObject({ prompted: false });
  });

  it.each([
    ['idle', { idleTimeoutMs: 400 }],
    ['timed_out', { timeoutMs: 400 }],
  ])('says that it was %s', async (stopReason, limits) => {
    expect(await run('polite', limits)).toMatchObject({ stopReason });
  });

  it('is not even started when it is cancelled before', async () => {
    expect(await run('happy', { signal: AbortSignal.abort() })).toMatchObject({ stopReason: 'cancelled' });
    expect(existsSync(join(folder, 'transcript'))).toBe(false);
  });
});

describe('an agent that fails', () => {
  it('is reported with its status and the end of its standard error', async () => {
    const result = await run('crash');
    expect(result.stopReason).toBe('error');
    expect(result.message).toMatch(/could not answer the prompt[\s\S]*status 7[\s\S]*out of memory in module x/);
  });

  it('is reported when its command does not exist or is no agent', async () => {
    const missing = await run('', { command: 'no-such-agent', args: [] });
    expect(missing).toMatchObject({
      stopReason: 'error',
      message: expect.stringContaining('"no-such-agent" was not found'),
    });
    const other = await run('', { command: 'true', args: [] });
    expect(other).toMatchObject({ stopReason: 'error', message: expect.stringContaining('could not initialize') });
  });

  it('is reported when it wants a login or speaks another version', async () => {
    expect((await run('login')).message).toMatch(/Log in first \(-32000\).*operator's settings/);
    expect((await run('old')).message).toContain('version 0 of the protocol');
  });

  it('does not end the run when the transcript cannot be written', async () => {
    writeFileSync(join(folder, 'file'), '');
    expect(await run('happy', { transcriptFile: join(folder, 'file', 'x') })).toMatchObject({ stopReason: 'end_turn' });
  });
});
