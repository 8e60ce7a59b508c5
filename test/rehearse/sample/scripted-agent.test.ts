import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { client, methods, ndJsonStream, PROTOCOL_VERSION, type SessionNotification } from '@agentclientprotocol/sdk';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { repair } from '../../../src/rehearse/sample/repair.ts';
import { writeSample } from '../../../src/rehearse/sample/write-sample.ts';

const program = fileURLToPath(new URL('../../../src/rehearse/scripted-agent.ts', import.meta.url));
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'agent-'));
  await writeSample(join(root, 'acme'));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function prompt(cwd: string) {
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'], env: {} });
  const exited = once(child, 'exit');
  const updates: SessionNotification['update'][] = [];
  const result = await client({ name: 'test' })
    .onNotification(methods.client.session.update, ({ params }) => {
      updates.push(params.update);
    })
    .connectWith(ndJsonStream(Writable.toWeb(child.stdin), Readable.toWeb(child.stdout)), async (remote) => {
      const hello = await remote.request(methods.agent.initialize, {
        protocolVersion: PROTOCOL_VERSION,
        clientCapabilities: {},
      });
      const { sessionId } = await remote.request(methods.agent.session.new, { cwd, mcpServers: [] });
      const answer = await remote.request(methods.agent.session.prompt, {
        sessionId,
        prompt: [{ type: 'text', text: 'The tests fail. Make them pass.' }],
      });
      return { agent: hello.agentInfo?.name, stopReason: answer.stopReason };
    });
  child.stdin.end();
  await exited;
  const text = updates.flatMap((update) =>
    update.sessionUpdate === 'agent_message_chunk' && update.content.type === 'text' ? [update.content.text] : [],
  );
  return { ...result, text: text.join(''), updates };
}

async function setVersion(cwd: string): Promise<void> {
  const file = join(cwd, 'package.json');
  await writeFile(file, (await readFile(file, 'utf8')).replace(/("@acme\/shared": )"[^"]*"/, '$1"2.0"'));
}

test('the agent repairs billing, so that its tests pass with 2.0, and says what it is and what it cost', async () => {
  const cwd = join(root, 'acme/service-billing');
  await setVersion(cwd);
  const turn = await prompt(cwd);
  expect(turn).toMatchObject({ agent: 'flotilla-scripted-agent', stopReason: 'end_turn' });
  expect(turn.text).toMatch(/^Scripted agent \(no language model\): .*adapted its calls in src\/invoice\.js/);
  expect(turn.updates).toContainEqual(
    expect.objectContaining({ sessionUpdate: 'usage_update', cost: { amount: 0.02, currency: 'USD' } }),
  );
  expect((await execa('git', ['diff', '--name-only'], { cwd })).stdout.split('\n')).toEqual([
    'package.json',
    'src/invoice.js',
  ]);
  const tests = await execa(process.execPath, ['--test'], { cwd, env: { PATH: '/usr/bin:/bin' }, extendEnv: false });
  expect(tests.exitCode).toBe(0);
});

test('the agent says why gateway is beyond it, and changes nothing', async () => {
  const cwd = join(root, 'acme/service-gateway');
  const turn = await prompt(cwd);
  expect(turn.stopReason).toBe('end_turn');
  expect(turn.text).toContain('I cannot repair src/forward.js: signRequest was removed in 2.0');
  expect((await execa('git', ['status', '--porcelain'], { cwd })).stdout).toBe('');
});

test('a repair adapts positional calls only', () => {
  expect(repair("formatMoney(total, 'EUR'); formatMoney({ amount, currency })")).toEqual({
    kind: 'repaired',
    text: "formatMoney({ amount: total, currency: 'EUR' }); formatMoney({ amount, currency })",
  });
  expect(repair('slugify(a, b)')).toEqual({ kind: 'nothing' });
});
