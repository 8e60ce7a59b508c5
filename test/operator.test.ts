import { createHmac } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { missingNotifyVariables, notifierOf } from '../src/operator.ts';
import { startReceiver } from './receiver.ts';

const NAMES = { secretFrom: 'NOTIFY_SECRET_OF_THIS_TEST', webhookFrom: 'NOTIFY_WEBHOOK_OF_THIS_TEST' };

function withVariables(variables: Record<string, string>): void {
  Object.assign(process.env, variables);
  onTestFinished(() => {
    for (const name of Object.keys(variables)) delete process.env[name];
  });
}

test("the operator's webhook is told at the address of its variable, signed with the secret of the other", async () => {
  const receiver = await startReceiver();
  withVariables({ [NAMES.secretFrom]: 'a secret\n', [NAMES.webhookFrom]: receiver.url });
  const settings = { notify: { hosts: [receiver.host], ...NAMES } };
  expect(missingNotifyVariables(settings)).toEqual([]);
  const fleet = {
    id: 'f-1',
    workflow: 'bump',
    control_repository: 'acme/platform',
    status: 'completed',
    waiting_for: null,
    sender: 'mona',
    tracking_issue_url: null,
    targets: 0,
    pull_requests: 0,
    counts: {},
  };
  const body = JSON.stringify({ text: 'ended', id: 'n-1', at: '', event: 'fleet.ended', fleet });
  const notification = { id: 'n-1', event: 'fleet.ended', body };
  const sent = await notifierOf(settings).send({ kind: 'operator' }, notification, new AbortController().signal);
  expect(sent).toEqual({ result: 'delivered', status: 200 });
  const [got] = receiver.received;
  expect([got?.path, got?.text]).toEqual(['/hook/a-path-that-nobody-knows', body]);
  expect(got?.headers['x-flotilla-signature-256']).toBe(
    `sha256=${createHmac('sha256', 'a secret').update(body).digest('hex')}`,
  );
  expect(got?.headers['user-agent']).toMatch(/^flotilla\/\d/);
});

test('a variable that is not set is told by its name', () => {
  expect(missingNotifyVariables({ notify: { hosts: [], ...NAMES } })).toEqual([
    expect.stringContaining(NAMES.secretFrom),
    expect.stringContaining(NAMES.webhookFrom),
  ]);
});
