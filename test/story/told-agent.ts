import { appendFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { agent, methods, ndJsonStream, PROTOCOL_VERSION } from '@agentclientprotocol/sdk';
import { z } from 'zod';

/**
 * An agent that does what single lines of its prompt tell: `write PATH = TEXT`, `append PATH = TEXT`, `refuse`, `cost 0.5` in
 * US dollars, `tokens 20 2 100` (input, output, cached input), `burn 0.5` (costs so much more every moment, until it is stopped), `answer TEXT`, and `answer 2: TEXT` for the
 * second time that it is asked in a task. It keeps each prompt in the folder of its argument.
 */
const prompts = z.string().parse(process.argv[2]);
const service = z.string().parse(process.env.SERVICE_NAME);
let cwd = '';
let isStopped = false;

agent({ name: 'told-agent' })
  .onRequest(methods.agent.initialize, () => ({ protocolVersion: PROTOCOL_VERSION, agentCapabilities: {} }))
  .onRequest(methods.agent.session.new, ({ params }) => {
    cwd = params.cwd;
    return { sessionId: 's1' };
  })
  .onRequest(methods.agent.session.prompt, async ({ params, client }) => {
    const text = params.prompt.map((block) => (block.type === 'text' ? block.text : '')).join('');
    const asked = 1 + readdirSync(prompts).filter((name) => name.startsWith(`${service}.`)).length;
    writeFileSync(join(prompts, `${service}.${asked}.txt`), text);
    const lines = text.split('\n').map((line) => line.trim());
    if (lines.includes('refuse')) return { stopReason: 'refusal' };
    for (const line of lines) carryOut(line);
    const { sessionId } = params;
    const tell = (usd: number): Promise<void> => client.notify(methods.client.session.update, usage(sessionId, usd));
    const cost = amountIn(lines, 'cost ');
    if (cost !== undefined) await tell(cost);
    const more = amountIn(lines, 'burn ');
    for (let moment = 1; more !== undefined; moment += 1) {
      if (isStopped) return { stopReason: 'cancelled' };
      await tell(moment * more);
      await wait(2);
    }
    const update = {
      sessionUpdate: 'agent_message_chunk',
      content: { type: 'text', text: answer(lines, asked) },
    } as const;
    await client.notify(methods.client.session.update, { sessionId, update });
    return { stopReason: 'end_turn', ...told(lines) };
  })
  .onNotification(methods.agent.session.cancel, () => {
    isStopped = true;
  })
  .connect(ndJsonStream(Writable.toWeb(process.stdout), Readable.toWeb(process.stdin)));

const amountIn = (lines: readonly string[], start: string): number | undefined => {
  const line = lines.find((one) => one.startsWith(start));
  return line === undefined ? undefined : Number(line.slice(start.length));
};

/** As opencode tells them, with the end of the prompt. */
function told(lines: readonly string[]) {
  const line = lines.find((one) => one.startsWith('tokens '));
  if (line === undefined) return {};
  const [inputTokens = 0, outputTokens = 0, cachedReadTokens = 0] = line.split(' ').slice(1).map(Number);
  const totalTokens = inputTokens + outputTokens + cachedReadTokens;
  return { usage: { inputTokens, outputTokens, cachedReadTokens, totalTokens } };
}

const usage = (sessionId: string, amount: number) => ({
  sessionId,
  update: { sessionUpdate: 'usage_update' as const, used: 1, size: 10, cost: { amount, currency: 'USD' } },
});

function carryOut(line: string): void {
  const [, verb, path = '', text = ''] = /^(write|append) (\S+) = (.*)$/.exec(line) ?? [];
  if (verb === undefined) return;
  const file = join(cwd, path);
  mkdirSync(dirname(file), { recursive: true });
  if (verb === 'write') writeFileSync(file, `${text}\n`);
  else appendFileSync(file, `${text}\n`);
}

function answer(lines: readonly string[], asked: number): string {
  const of = (start: string): string | undefined => lines.find((line) => line.startsWith(start))?.slice(start.length);
  return of(`answer ${asked}: `) ?? of('answer ') ?? 'I have done what I was told.';
}
