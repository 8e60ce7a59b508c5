import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

/** A tiny agent over raw JSON-RPC lines, so that the client is not tested against its own library. */
const behaviour = process.argv[2] ?? 'happy';
const secret = process.env.KEY ?? '';
const message = z.looseObject({
  id: z.union([z.string(), z.number()]).optional(),
  method: z.string().optional(),
  params: z
    .looseObject({ cwd: z.string().optional(), value: z.string().optional(), modelId: z.string().optional() })
    .optional(),
  result: z.unknown().optional(),
});
let cwd = '';
let promptId: string | number | undefined;
let model = 'fake/small';
const OFFERED = ['fake/small', 'fake/large', 'fake/stubborn'];
const configOptions = () => [
  { id: 'mode', name: 'Mode', category: 'mode', type: 'select', currentValue: 'build', options: [] },
  {
    id: 'which',
    name: 'Model',
    category: 'model',
    type: 'select',
    currentValue: model,
    options: [{ group: 'g', name: 'Fake', options: OFFERED.map((value) => ({ value, name: value })) }],
  },
];
/** As agents tell their models: by a configuration option, as they did before there were such, or not at all. */
const sessionModels = () => {
  if (behaviour === 'options') return { configOptions: configOptions() };
  const availableModels = OFFERED.map((modelId) => ({ modelId, name: modelId }));
  return behaviour === 'models' ? { models: { currentModelId: model, availableModels } } : {};
};

function send(fields: object): void {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...fields })}\n`);
}
const update = (fields: object): void =>
  send({ method: 'session/update', params: { sessionId: 's1', update: fields } });
const say = (text: string): void => update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } });
const cost = (amount: number): void =>
  update({ sessionUpdate: 'usage_update', used: 1, size: 10, cost: { amount, currency: 'USD' } });
const finish = (stopReason: string): void => send({ id: promptId, result: { stopReason } });

function prompted(): void {
  switch (behaviour) {
    case 'happy':
      say('Let me ');
      say('look.');
      update({ sessionUpdate: 'tool_call', toolCallId: 't1', title: 'Edit', status: 'pending' });
      update({ sessionUpdate: 'invented_by_a_newer_version', anything: 1 });
      update({ sessionUpdate: 'usage_update', used: 1, size: 10, cost: { amount: 0.01, currency: 'USD' } });
      send({
        id: 'ask',
        method: 'session/request_permission',
        params: {
          sessionId: 's1',
          toolCall: { toolCallId: 't1' },
          options: [
            { optionId: 'always', name: 'Always', kind: 'allow_always' },
            { optionId: 'once', name: 'Once', kind: 'allow_once' },
          ],
        },
      });
      return;
    case 'credits':
      update({ sessionUpdate: 'usage_update', used: 1, size: 10, cost: { amount: 5, currency: 'credits' } });
      finish('refusal');
      return;
    case 'costly':
      // Deaf to a cancel, and it would go on for ever.
      for (let cents = 1; cents <= 40; cents += 1) cost(cents / 100);
      setInterval(() => cost(1), 10);
      return;
    case 'late':
      finish('end_turn');
      process.stdin.on('end', () =>
        update({ sessionUpdate: 'usage_update', used: 1, size: 10, cost: { amount: 2, currency: 'USD' } }),
      );
      return;
    case 'stubborn':
      process.on('SIGTERM', () => undefined);
      {
        const child = spawn('sleep', ['60'], { stdio: 'ignore' });
        say(String(child.pid));
      }
      return;
    case 'polite':
      say(String(process.pid));
      return;
    case 'crash':
      process.stderr.write('out of memory in module x\n');
      process.exit(7);
      return;
    case 'leaky':
      // As agents do: the text in pieces of a few letters, costs told in between.
      for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]) {
        for (const letters of `The key ${form} was refused; `.match(/.{1,5}/g) ?? []) {
          say(letters);
          update({ sessionUpdate: 'usage_update', used: 1, size: 10 });
        }
      }
      update({
        sessionUpdate: 'tool_call',
        toolCallId: 't1',
        title: `curl ${secret}`,
        rawInput: { [secret]: [secret] },
      });
      say(`${secret} and half of it: ${secret.slice(0, -1)}`);
      process.stderr.write(secret.slice(0, 9));
      setTimeout(() => {
        process.stderr.write(`${secret.slice(9)} is no key, ${'x'.repeat(4100 - secret.length)}`);
        send({ id: promptId, error: { code: 1, message: `No ${secret}`, data: `${'y'.repeat(480)}${secret}` } });
      }, 20);
      return;
    case 'options':
      say(model);
      send({
        id: promptId,
        result: {
          stopReason: 'end_turn',
          usage: { inputTokens: 800, outputTokens: 50, totalTokens: 1050, cachedReadTokens: 200 },
        },
      });
      return;
    case 'models': {
      say(model);
      const token_count = { input_tokens: 3000, output_tokens: 150 };
      const quota = { token_count, model_usage: [{ model: 'fake-used', token_count }] };
      send({ id: promptId, result: { stopReason: 'end_turn', _meta: { quota } } });
      return;
    }
    case 'rude':
      process.stdout.write('this is not JSON\n');
      say('fine');
      finish('end_turn');
      return;
    default:
      throw new Error(`No behaviour "${behaviour}".`);
  }
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params, result } = message.parse(JSON.parse(line));
  if (method === 'initialize' && behaviour === 'old') send({ id, result: { protocolVersion: 0 } });
  else if (method === 'initialize')
    send({ id, result: { protocolVersion: 1, agentInfo: { name: 'scripted', version: '1' } } });
  else if (method === 'session/new' && behaviour === 'login')
    send({ id, error: { code: -32000, message: 'Log in first' } });
  else if (method === 'session/new') {
    cwd = params?.cwd ?? '';
    send({ id, result: { sessionId: 's1', ...sessionModels() } });
  } else if (method === 'session/set_config_option' || method === 'session/set_model') {
    const asked = params?.value ?? params?.modelId ?? '';
    if (asked !== 'fake/stubborn') model = asked;
    send({ id, result: behaviour === 'options' ? { configOptions: configOptions() } : {} });
  } else if (method === 'session/prompt') {
    promptId = id;
    prompted();
  } else if (method === 'session/cancel' && behaviour === 'polite') finish('cancelled');
  else if (id === 'ask') {
    writeFileSync(join(cwd, 'answer.json'), JSON.stringify({ result, env: process.env }));
    say('Do');
    update({ sessionUpdate: 'usage_update', used: 2, size: 10, cost: { amount: 0.25, currency: 'USD' } });
    say('ne.');
    finish('end_turn');
  }
});
