import { describe, expect, test } from 'vitest';
import { hideAddresses } from '../../../src/core/settings/hide-addresses.ts';
import { narrow } from '../../../src/core/settings/narrow-settings.ts';
import { notifyProblems } from '../../../src/core/settings/notify-variables.ts';
import { parseLayer, parseOperatorSettings } from '../../../src/core/settings/parse-settings.ts';

const HOSTS = ['hooks.example.com', '*.chat.example', 'inner.example:8443'];
const layer = (text: string) => parseLayer(text, 'fleet.yml', 'repository', HOSTS);
const operator = (text: string) => {
  const parsed = parseOperatorSettings(text, 'operator.yml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.value;
};
const parsed = (text: string) => {
  const read = layer(text);
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  return read.value;
};

test('the operator says where webhooks may go, with what they are signed, and whether anybody is mentioned', () => {
  const read = operator(
    'notify: { hosts: [hooks.example.com], secret_from: NOTIFY_SECRET, webhook_from: NOTIFY_WEBHOOK, mention: true }',
  );
  expect(read.notify).toEqual({
    hosts: ['hooks.example.com'],
    secretFrom: 'NOTIFY_SECRET',
    webhookFrom: 'NOTIFY_WEBHOOK',
  });
  expect(read.shared.notify).toEqual({ mention: true });
  expect(operator('').notify).toEqual({ hosts: [], secretFrom: null, webhookFrom: null });
});

describe('a layer', () => {
  test.each([
    'https://hooks.example.com/services/T0/B0/x',
    'https://a.chat.example/x?y=1',
    'https://inner.example:8443/',
  ])('may name %s', (webhook) => {
    expect(parsed(`notify: { webhook: "${webhook}" }`).notify).toEqual({ mention: null, webhook });
  });

  test.each([
    ['https://other.example.com/secret', 'webhook_host', 'other.example.com'],
    ['https://chat.example/secret', 'webhook_host', 'chat.example'],
    ['https://hooks.example.com:444/secret', 'webhook_host', 'hooks.example.com:444'],
    ['http://hooks.example.com/secret', 'invalid_value', 'https://'],
    ['https://mona:secret@hooks.example.com/x', 'invalid_value', 'address of a webhook'],
    ['ftp://hooks.example.com/secret', 'invalid_value', 'address of a webhook'],
    ['https://hooks.example.com\\\\@evil.example/secret', 'invalid_value', 'address of a webhook'],
  ])('may not name %s, and its fault has a place and no secret', (webhook, code, said) => {
    const read = layer(`confirm_over: 3\nnotify:\n  mention: true\n  webhook: "${webhook}"\n`);
    expect(read.ok ? [] : read.faults).toMatchObject([{ code, line: 4, message: expect.stringContaining(said) }]);
    expect(JSON.stringify(read)).not.toContain('secret');
  });

  test.each(['hosts: [evil.example]', 'secret_from: PATH', 'webhook_from: PATH'])(
    'cannot say %s, which is the operator’s',
    (line) => {
      const read = layer(`notify: { ${line} }\n`);
      expect(read.ok ? [] : read.faults).toMatchObject([
        { code: 'unknown_key', hint: 'Known here are `mention`, `webhook`.' },
      ]);
    },
  );

  test('that names a webhook where the operator allows none is told whom to ask', () => {
    const read = parseLayer('notify: { webhook: "https://hooks.example.com/x" }', 'fleet.yml', 'organization');
    expect(read.ok ? [] : read.faults).toMatchObject([
      { code: 'webhook_host', hint: expect.stringContaining('operator of the server') },
    ]);
  });
});

describe('of all layers', () => {
  const { shared } = operator('');
  const forbidding = operator('notify: { mention: false }').shared;
  const asking = operator('notify: { mention: true }').shared;
  const yes = parsed('notify: { mention: true }');
  const no = parsed('notify: { mention: false }');
  const one = parsed('notify: { webhook: "https://a.chat.example/1" }');
  const two = parsed('notify: { webhook: "https://a.chat.example/2" }');

  test('one has to ask for mentions, and none may forbid them', () => {
    expect(narrow(shared, null, null).notify.mention).toBe(false);
    expect(narrow(shared, yes, null).notify.mention).toBe(true);
    expect(narrow(shared, null, yes).notify.mention).toBe(true);
    expect(narrow(asking, null, null).notify.mention).toBe(true);
    expect(narrow(asking, no, yes).notify.mention).toBe(false);
    expect(narrow(forbidding, yes, yes).notify.mention).toBe(false);
  });

  test('the webhook nearest to the fleet holds', () => {
    expect(narrow(shared, one, two).notify.webhook).toBe('https://a.chat.example/2');
    expect(narrow(shared, one, yes).notify.webhook).toBe('https://a.chat.example/1');
    expect(narrow(shared, null, null).notify.webhook).toBeNull();
  });
});

describe('the variables of the server', () => {
  const notify = { hosts: ['hooks.example.com'], secretFrom: 'NOTIFY_SECRET', webhookFrom: 'NOTIFY_WEBHOOK' };
  const problems = (variables: Record<string, string>) => notifyProblems(notify, variables);

  test('that are as they must be have no problem, and neither have those that nobody named', () => {
    expect(problems({ NOTIFY_SECRET: 'x', NOTIFY_WEBHOOK: 'https://hooks.example.com/services/1' })).toEqual([]);
    expect(notifyProblems({ hosts: [], secretFrom: null, webhookFrom: null }, {})).toEqual([]);
  });

  test('that are unset are each told', () => {
    expect(problems({ NOTIFY_WEBHOOK: ' ' })).toEqual([
      expect.stringContaining('NOTIFY_SECRET, which is not set'),
      expect.stringContaining('NOTIFY_WEBHOOK, which is not set'),
    ]);
  });

  test.each([
    ['https://evil.example/hidden', '`notify.hosts` does not list'],
    ['http://hooks.example.com/hidden', 'http:// to another machine'],
    ['hooks.example.com/hidden', 'no address of a webhook'],
  ])('of which the address is %s are told without it', (NOTIFY_WEBHOOK, said) => {
    const [problem] = problems({ NOTIFY_SECRET: 'x', NOTIFY_WEBHOOK });
    expect(problem).toContain(said);
    expect(problem).not.toContain('hidden');
  });
});

test('lines that are shown hide what is secret of addresses and keep their columns', () => {
  const text =
    'notify: { webhook: "https://hooks.example.com/services/T0?x=1", mention: yes }\nnext: http://a.example:8/{b}';
  const hidden = hideAddresses(text);
  expect(hidden).toBe(
    'notify: { webhook: "https://hooks.example.com****************", mention: yes }\nnext: http://a.example:8***}',
  );
  expect(hidden).toHaveLength(text.length);
});
