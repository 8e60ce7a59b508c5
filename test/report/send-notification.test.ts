import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createNotifier } from '../../src/platform/notify/create-notifier.ts';
import type { Notifier } from '../../src/ports/notifier.ts';
import { createSender } from '../../src/report/send-notification.ts';
import { openStore } from '../../src/store/sqlite/open.ts';
import { startReceiver } from '../receiver.ts';
import { aPlan, eventTypes, insertFleet, silentLog, temporaryFolder } from '../store/fixtures.ts';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

const body = (id: string) =>
  JSON.stringify({
    text: 'one',
    id,
    at: '2026-05-04T09:00:00.000Z',
    event: 'fleet.waiting',
    fleet: {
      id: 'f-1',
      workflow: 'bump',
      control_repository: 'acme/platform',
      status: 'waiting',
      waiting_for: 'plan',
      sender: 'mona',
      tracking_issue_url: null,
      targets: 1,
      pull_requests: 0,
      counts: {},
    },
  });

/** A fleet with one notification to be sent, and a sender over a real receiver. */
async function given(notifierOf?: (host: string) => Notifier) {
  const receiver = await startReceiver();
  const folder = await temporaryFolder();
  const store = await openStore({ file: join(folder.path, 'flotilla.db'), log: silentLog });
  onTestFinished(async () => {
    await store.close();
    await folder.remove();
  });
  const webhook = { kind: 'url' as const, url: receiver.url };
  await insertFleet(store, 'f-1', 1, { plan: aPlan({ notify: { mention: false, webhook } }) });
  let now = 10_000;
  const moment = { id: 'n-1', eventSeq: 1, kind: 'waiting' as const, mention: null, body: body('n-1') };
  await store.write((tx) => tx.notifications.note('f-1', 1, [moment], now));
  const notifier =
    notifierOf?.(receiver.host) ??
    createNotifier({ hosts: [receiver.host], secret: null, webhook: null, userAgent: 'flotilla/test' });
  const send = createSender({ store, notifier, clock: { now: () => now }, log: silentLog });
  return {
    store,
    receiver,
    send,
    row: async () => (await store.read.notifications.ofFleet('f-1'))[0],
    /** After so long, if it is due then. */
    async sendAfter(ms: number) {
      now += ms;
      await send('n-1', new AbortController().signal);
    },
  };
}

describe('a notification', () => {
  it('is tried at once, after 10 s, 1 min, 10 min, 1 h and 6 h, not a moment earlier, and then never again', async () => {
    const { receiver, row, sendAfter, store } = await given();
    receiver.answers(500);
    await sendAfter(0);
    for (const wait of [10 * SECOND, 60 * SECOND, 600 * SECOND, HOUR, 6 * HOUR]) {
      const before = receiver.received.length;
      await sendAfter(wait - 1);
      expect(receiver.received).toHaveLength(before);
      await sendAfter(1);
      expect(receiver.received).toHaveLength(before + 1);
    }
    expect(await row()).toMatchObject({ state: 'given_up' });
    expect(await eventTypes(store, 'f-1')).toContain('notification_given_up');
    await sendAfter(100 * HOUR);
    expect(receiver.received).toHaveLength(6);
    expect(new Set(receiver.received.map(({ headers }) => headers['x-flotilla-delivery']))).toEqual(new Set(['n-1']));
  });

  it('waits as long as the receiver asks for, and 6 hours at most', async () => {
    const { receiver, sendAfter } = await given();
    receiver.answers(429, { 'retry-after': '120' });
    await sendAfter(0);
    await sendAfter(119 * SECOND);
    expect(receiver.received).toHaveLength(1);
    receiver.answers(503, { 'retry-after': '900000' });
    await sendAfter(SECOND);
    await sendAfter(6 * HOUR);
    expect(receiver.received).toHaveLength(3);
  });

  it('that was delivered is not sent again', async () => {
    const { receiver, row, sendAfter } = await given();
    await sendAfter(0);
    await sendAfter(HOUR);
    expect(receiver.received).toHaveLength(1);
    expect(await row()).toMatchObject({ state: 'delivered' });
  });

  it.each([400, 404, 410, 302])('that is answered %i is given up at once', async (status) => {
    const { receiver, row, sendAfter } = await given();
    receiver.answers(status, { location: 'http://127.0.0.1:1/' });
    await sendAfter(0);
    await sendAfter(HOUR);
    expect(receiver.received).toHaveLength(1);
    expect(await row()).toMatchObject({ state: 'given_up' });
  });

  it('whose try a stop cuts off is due at once afterwards, and the try does not count', async () => {
    const stop = new AbortController();
    const { send, row } = await given(() => ({
      send() {
        stop.abort();
        return Promise.resolve({ result: 'unreached', why: 'stopped', retryAfterMs: null });
      },
    }));
    await send('n-1', stop.signal);
    expect(await row()).toMatchObject({ state: 'due', tries: 0, notBefore: 10_000 });
  });

  it('is sent by one sender at a time', async () => {
    const { receiver, send } = await given();
    const { signal } = new AbortController();
    await Promise.all([send('n-1', signal), send('n-1', signal)]);
    expect(receiver.received).toHaveLength(1);
  });
});
