import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * An agent that does not keep to the protocol, or obeys whoever wrote into the repository. By hand, without a library that
 * would hold it back. Its argument says how it behaves.
 */
const behaviour = process.argv[2] ?? '';
const MIB = 1024 ** 2;

const write = (text: string): boolean => process.stdout.write(text);
const say = (message: object): boolean => write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const update = (value: object): boolean => say({ method: 'session/update', params: { sessionId: 's', update: value } });
const tell = (text: string): boolean =>
  update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } });
const cost = (amount: unknown, currency: unknown = 'USD', used: unknown = 1): boolean =>
  update({ sessionUpdate: 'usage_update', used, size: 10, cost: { amount, currency } });

/** What it does when it is asked; the number is that of the request. */
const BEHAVIOURS: Readonly<Record<string, (id: number) => void>> = {
  flood: (id) => {
    const chunk = 'x'.repeat(4000);
    for (let i = 0; i < 6_000; i += 1) tell(chunk);
    end(id);
  },
  'endless line': () => {
    const more = (): void => {
      while (write('x'.repeat(MIB)));
      process.stdout.once('drain', more);
    };
    more();
  },
  'no JSON': (id) => {
    for (const line of [
      '{',
      'null',
      '[]',
      '[{"jsonrpc":"2.0"}]',
      '"x"',
      '\u0000\u0001',
      '{"id":{}}',
      '{"jsonrpc":"2.0"}',
    ]) {
      write(`${line}\n`);
    }
    say({ method: 'session/update', params: { update: { sessionUpdate: 5 } } });
    say({ method: '__proto__', params: { constructor: 1 } });
    say({ id: 999_999, result: {} });
    tell('Still here.');
    end(id);
  },
  'false costs': (id) => {
    for (const amount of [-5, '1', null, {}, -1e308]) cost(amount);
    cost(3, 'EUR');
    cost(2, 7);
    cost(1, 'USD', -1e308);
    cost(0.5);
    cost(-100);
    end(id);
  },
  'huge costs': (id) => {
    cost(1e308, 'USD', 1e308);
    setTimeout(() => end(id), 30_000);
  },
  'permission games': (id) => {
    const ask = (params: object, number: string): boolean =>
      say({ id: number, method: 'session/request_permission', params });
    ask({ sessionId: 's', toolCall: { toolCallId: 'a' }, options: [] }, 'none');
    ask(
      {
        sessionId: 's',
        toolCall: { toolCallId: 'b' },
        options: [{ optionId: '__proto__', name: 'x', kind: 'allow_always' }],
      },
      'odd',
    );
    say({ id: 'file', method: 'fs/read_text_file', params: { sessionId: 's', path: '/etc/shadow' } });
    say({ id: 'write', method: 'fs/write_text_file', params: { sessionId: 's', path: '/tmp/owned', content: 'x' } });
    say({ id: 'shell', method: 'terminal/create', params: { sessionId: 's', command: 'id' } });
    setTimeout(() => {
      writeFileSync('report', `${JSON.stringify(answers)}\n`);
      end(id);
    }, 300);
  },
  obedient: (id) => {
    // The persuasive author: what stands in the repository is done, and what it gave is told.
    const [, commands = ''] = /```sh\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8')) ?? [];
    const told = execFileSync('bash', ['-c', `${commands} 2>&1; true`], { encoding: 'utf8', maxBuffer: 64 * MIB });
    writeFileSync('report', told);
    tell(told.slice(0, 100_000));
    end(id);
  },
  'never answers': () => {
    process.on('SIGTERM', () => undefined);
    setInterval(() => tell('.'), 50);
  },
};

const answers: unknown[] = [];

function end(id: number): void {
  say({ id, result: { stopReason: 'end_turn' } });
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line);
  switch (message.method) {
    case 'initialize':
      say({ id: message.id, result: { protocolVersion: 1, agentCapabilities: {} } });
      return;
    case 'session/new':
      say({ id: message.id, result: { sessionId: 's' } });
      return;
    case 'session/prompt':
      BEHAVIOURS[behaviour]?.(message.id);
      return;
    default:
      answers.push(message);
  }
});
