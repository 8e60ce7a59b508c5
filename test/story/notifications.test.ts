import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createNotifier } from '../../src/platform/notify/create-notifier.ts';
import { startReceiver } from '../receiver.ts';
import { services, workflowFiles } from './workflows.ts';
import { openWorld, type WorldOptions } from './world.ts';

const SECRET = 'a secret that only the receiver has too';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const write = `name: go
inputs: { version: { default: "1" } }
services: [{ tag: app }]
parallel: true
nodes:
  - id: write
    bash: printf '%s\\n' "$INPUTS_VERSION" > VERSION
`;
const ask = `${write}  - { id: gate, approval: { message: "Ship <!channel>, @octocat?" }, depends_on: [write] }\n`;

type Given = WorldOptions & { workflow?: string; layer?: string; names?: readonly string[]; operator?: string };

/** A receiver, and a world whose control repository tells it. */
async function given({ workflow = write, layer, names = ['one'], operator = '', ...options }: Given = {}) {
  const receiver = await startReceiver();
  const lines: string[] = [];
  const notifier = createNotifier({
    hosts: [receiver.host],
    secret: SECRET,
    webhook: null,
    userAgent: 'flotilla/test',
  });
  const files = {
    ...workflowFiles({ go: workflow }),
    '.github/fleet.yml': layer ?? `notify: { webhook: "${receiver.url}" }\n`,
  };
  const world = await openWorld({
    settings: `notify: { hosts: ["${receiver.host}"], secret_from: NOTIFY_SECRET }\n${operator}`,
    notifier,
    logged: (line) => lines.push(line),
    platform: { files },
    repositories: services(...names),
    ...options,
  });
  return {
    world,
    receiver,
    log: () => lines.join(''),
    events: () => receiver.received.map(({ json }) => `${json.event} ${json.fleet.waiting_for ?? json.fleet.status}`),
    rows: async () => world.store.read.notifications.ofFleet((await world.fleet()).id),
    /** Time goes by, and what is due then happens. */
    async later(ms: number) {
      world.clock.move(ms);
      await world.settle();
    },
  };
}

const signatureOf = (text: string) => `sha256=${createHmac('sha256', SECRET).update(text).digest('hex')}`;

describe('a webhook', () => {
  it('is told once that a fleet waits and once that it has ended, signed, with the tracking issue', async () => {
    const { world, receiver, events, later } = await given({ workflow: ask, names: ['one', 'two'] });
    await world.comment('mona', '/fleet go');
    await later(31_000);
    await later(31_000);
    expect(events()).toEqual(['fleet.waiting approvals']);
    await world.comment('mona', '/fleet approve');
    await later(31_000);
    await later(HOUR);
    expect(events()).toEqual(['fleet.waiting approvals', 'fleet.ended completed']);
    const [waits, ended] = receiver.received;
    for (const { headers, text, json } of receiver.received) {
      expect(headers['x-flotilla-signature-256']).toBe(signatureOf(text));
      expect(headers).toMatchObject({ 'x-flotilla-event': json.event, 'x-flotilla-delivery': json.id });
      expect(headers['content-type']).toBe('application/json; charset=utf-8');
    }
    const [issue] = await world.trackingIssues();
    expect(waits?.json.fleet).toEqual({
      id: (await world.fleet()).id,
      workflow: 'go',
      control_repository: 'acme/platform',
      status: expect.stringMatching(/^(running|waiting)$/),
      waiting_for: 'approvals',
      sender: 'mona',
      tracking_issue_url: expect.stringMatching(new RegExp(`/acme/platform/issues/${issue?.number}$`)),
      targets: 2,
      pull_requests: 0,
      counts: expect.objectContaining({ queued: 0, completed: 0, failed: 0, cancelled: 0, timed_out: 0 }),
    });
    expect(waits?.json.text).toContain('⏸️ Fleet go (acme/platform, asked for by mona) waits for decisions: <http');
    expect(ended?.json.text).toContain(
      '✅ Fleet go (acme/platform, asked for by mona) ended: completed, 2 pull requests',
    );
    expect(ended?.json.fleet.pull_requests).toBe(2);
    expect(waits?.json.id).not.toBe(ended?.json.id);
  });

  it('is told of a plan that waits, of nothing that it was told, and of no text of others', async () => {
    const { world, receiver, events, later } = await given({ names: ['one'] });
    await world.comment('mona', '/fleet go --plan version="<!channel> *x* https://evil.example"');
    expect(events()).toEqual(['fleet.waiting plan']);
    expect(receiver.received[0]?.text).not.toContain('evil');
    expect(receiver.received[0]?.text).not.toContain('channel');
    await world.comment('mona', '/fleet cancel');
    await later(31_000);
    expect(events()).toEqual(['fleet.waiting plan', 'fleet.ended cancelled']);
  });

  it('is told again when a fleet waits anew, and when it ends again', async () => {
    const fails = `${write}rollout: { canary: 1, approve: each, waves: [100%] }\n`.replace(
      "printf '%s\\n'",
      'test "$SERVICE_NAME" != two && printf %s',
    );
    const { world, events, later } = await given({ workflow: fails, names: ['one', 'two'] });
    await world.comment('mona', '/fleet go');
    await later(31_000);
    await world.comment('mona', '/fleet approve');
    await later(31_000);
    await world.comment('mona', `/fleet retry ${(await world.fleet()).id}`);
    await later(31_000);
    expect(events()).toEqual(['fleet.waiting wave', 'fleet.ended partial', 'fleet.ended partial']);
  });

  it('is told of a fleet that halts', async () => {
    const halts = `${write.replace('printf', 'exit 3; printf')}rollout: { canary: 1, halt_on_failure: 1, waves: [100%] }\n`;
    const { world, events, later } = await given({ workflow: halts, names: ['one', 'two'] });
    await world.comment('mona', '/fleet go');
    await later(31_000);
    expect(events()).toEqual(['fleet.waiting halted']);
  });

  it('that is down is told once it is up, in the same words', async () => {
    const { world, receiver, events, later, rows } = await given();
    receiver.answers(503);
    await world.comment('mona', '/fleet go --plan');
    expect(receiver.received).toHaveLength(1);
    await later(9_000);
    expect(receiver.received).toHaveLength(1);
    await later(1_000);
    await later(MINUTE);
    expect(receiver.received).toHaveLength(3);
    receiver.answers(200);
    await later(10 * MINUTE);
    await later(HOUR);
    expect(events()).toHaveLength(4);
    expect(new Set(receiver.received.map(({ text }) => text)).size).toBe(1);
    expect(await rows()).toMatchObject([{ state: 'delivered', tries: 3 }]);
  });

  it('that stays away is given up after six tries, and the tracking issue says so', async () => {
    const { world, receiver, later, rows, log } = await given();
    receiver.answers(500);
    await world.comment('mona', '/fleet go --plan');
    for (const wait of [10_000, MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, HOUR, HOUR]) await later(wait);
    expect(receiver.received).toHaveLength(6);
    expect(await rows()).toMatchObject([{ state: 'given_up' }]);
    expect(log()).toContain('a notification was not delivered, and was tried often enough');
    const [issue] = await world.trackingIssues();
    expect(issue?.body).toContain('the webhook that was to be told that it waited could not be reached');
  });

  it('that answered before a crash is told again with the same id', async () => {
    const { world, receiver, rows } = await given();
    const write = world.store.write.bind(world.store);
    world.store.write = (work) =>
      write((tx) =>
        work({ ...tx, notifications: { ...tx.notifications, delivered: () => Promise.reject(new Error('gone')) } }),
      );
    await world.comment('mona', '/fleet go --plan');
    expect(receiver.received).toHaveLength(1);
    await world.crashAndRestart();
    await world.settle();
    expect(receiver.received.length).toBe(2);
    expect(new Set(receiver.received.map(({ json }) => json.id)).size).toBe(1);
    expect(await rows()).toMatchObject([{ state: 'delivered' }]);
  });

  it('of one control repository hears of each fleet by itself', async () => {
    const { world, receiver } = await given();
    await world.comment('mona', '/fleet go version=2 --plan');
    await world.comment('mona', '/fleet go version=3 --plan');
    expect(new Set(receiver.received.map(({ json }) => json.fleet.id)).size).toBe(2);
    expect(receiver.received).toHaveLength(2);
  });

  it('appears in no log, and its secret in no store', async () => {
    const { world, receiver, log, later } = await given();
    receiver.answers(503);
    await world.comment('mona', '/fleet go --plan');
    await later(24 * HOUR);
    receiver.answers(410);
    await later(24 * HOUR);
    expect(log()).toContain('given');
    expect(log()).not.toContain('a-path-that-nobody-knows');
    expect(log()).not.toContain(SECRET);
    const kept = ['flotilla.db', 'flotilla.db-wal'].map((name) =>
      readFileSync(join(world.folder, 'data', name), 'latin1'),
    );
    expect(kept.join('')).not.toContain(SECRET);
    expect((await world.trackingIssues()).map(({ body }) => body).join('')).not.toContain('a-path-that-nobody-knows');
  });
});

describe('a fleet that names no webhook', () => {
  it('is told nowhere', async () => {
    const { world, receiver, rows } = await given({ layer: 'confirm_over: 9\n' });
    await world.comment('mona', '/fleet go --plan');
    expect(receiver.received).toEqual([]);
    expect(await rows()).toEqual([]);
    const [issue] = await world.trackingIssues();
    expect(await world.answers(issue?.number)).toEqual([]);
  });

  it("is told to the operator's, whose address is stored nowhere", async () => {
    const receiver = await startReceiver();
    const { world } = await given({
      layer: 'confirm_over: 9\n',
      settings: `notify: { hosts: ["${receiver.host}"], webhook_from: NOTIFY_WEBHOOK }\n`,
      notifier: createNotifier({
        hosts: [receiver.host],
        secret: null,
        webhook: receiver.url,
        userAgent: 'flotilla/test',
      }),
    });
    await world.comment('mona', '/fleet go --plan');
    expect(receiver.received).toHaveLength(1);
    expect(receiver.received[0]?.headers['x-flotilla-signature-256']).toBeUndefined();
    const kept = ['flotilla.db', 'flotilla.db-wal'].map((name) =>
      readFileSync(join(world.folder, 'data', name), 'latin1'),
    );
    expect(kept.join('')).not.toContain('a-path-that-nobody-knows');
  });
});

describe('a webhook that the operator does not allow', () => {
  it('is a fault with its line that does not repeat the address, and nothing runs', async () => {
    const layer = 'confirm_over: 9\nnotify: { webhook: "https://hooks.example.org/services/T0/B0/secret" }\n';
    const { world } = await given({ layer });
    await world.comment('mona', '/fleet go');
    const [answer] = await world.answers();
    expect(answer).toContain('acme/platform:.github/fleet.yml:2:');
    expect(answer).toContain('leads to `hooks.example.org`, where the server sends no webhooks');
    expect(answer).toContain('`notify.hosts`');
    expect(answer).not.toContain('secret');
    expect(await world.fleets()).toEqual([]);
  });

  it('any more is given up, and the fleet ends as it would', async () => {
    const { world, receiver, rows, log } = await given({
      notifier: createNotifier({ hosts: [], secret: null, webhook: null, userAgent: 'flotilla/test' }),
    });
    await world.comment('mona', '/fleet go');
    expect(receiver.received).toEqual([]);
    expect(await rows()).toMatchObject([{ state: 'given_up' }]);
    expect(log()).toContain('`notify.hosts` does not list');
    expect((await world.tasks())[0]?.status).toBe('completed');
  });
});

describe('a mention', () => {
  const mentions = async (texts: readonly string[]) => texts.filter((text) => text.includes('@mona'));

  it('is made once when a fleet waits, and stands in the comment at the end', async () => {
    const { world, later } = await given({ workflow: ask, layer: 'notify: { mention: true }\n' });
    await world.comment('mona', '/fleet go');
    await later(31_000);
    await later(31_000);
    const [issue] = await world.trackingIssues();
    const said = async () => mentions(await world.answers(issue?.number));
    expect(await said()).toEqual([expect.stringContaining('@mona the fleet waits for decisions.')]);
    await world.comment('mona', '/fleet approve');
    await later(31_000);
    expect(await said()).toEqual([
      expect.stringContaining('@mona the fleet waits'),
      expect.stringMatching(/\n@mona ✅ \*\*Completed/),
    ]);
    expect((await world.answers(issue?.number)).join('')).not.toContain('@octocat');
  });

  it('is made once across a crash', async () => {
    const { world, later } = await given({ layer: 'notify: { mention: true }\n' });
    await world.comment('mona', '/fleet go --plan');
    await world.crashAndRestart();
    await later(31_000);
    const [issue] = await world.trackingIssues();
    expect(await mentions(await world.answers(issue?.number))).toHaveLength(1);
  });

  it.each([
    ['nobody asked for', '', ''],
    ['the operator forbids', 'notify: { mention: false }\n', 'notify: { mention: true }\n'],
  ])('that %s is not made', async (_name, settings, layer) => {
    const { world, later } = await given({ layer, settings });
    await world.comment('mona', '/fleet go --plan');
    await later(31_000);
    await world.comment('mona', '/fleet cancel');
    await later(31_000);
    const [issue] = await world.trackingIssues();
    expect(await mentions(await world.answers(issue?.number))).toEqual([]);
    expect(await world.answers(issue?.number)).toHaveLength(1);
  });
});
