import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Person } from '../../src/core/plan.ts';
import { Refusal } from '../../src/core/refusals.ts';
import type { DecisionWords } from '../../src/core/request.ts';
import type { ApproverSettings } from '../../src/fleet/authorize-approver.ts';
import { decide } from '../../src/fleet/decide.ts';
import type { ApprovalRow } from '../../src/store/contract/approvals.ts';
import type { Store } from '../../src/store/contract/store.ts';
import { openStore } from '../../src/store/sqlite/open.ts';
import { hubot, insertReady, mona, silentLog, startTask, temporaryFolder } from '../store/fixtures.ts';

const FLEET = 'f-aaaaaaaa';
const ASKED_AT = 3_000;
const EXPIRES_AT = 90_000;
const anybody: ApproverSettings = { approvers: null, notSender: false };
const usual = [
  { id: 'approve', label: 'approve' },
  { id: 'reject', label: 'reject' },
];
const custom = [
  { id: 'ship', label: 'Ship it' },
  { id: 'hold', label: 'hold' },
];

let store: Store;
let now: number;

beforeEach(async () => {
  now = 10_000;
  const folder = await temporaryFolder();
  store = await openStore({ file: join(folder.path, 'store.db'), log: silentLog });
  onTestFinished(async () => {
    await store.close();
    await folder.remove();
  });
  await insertReady(store, FLEET, 3);
});

/** A task asks; its repository is `acme/service-<index + 1>`. */
async function asks(index: number, change: Partial<ApprovalRow> = {}): Promise<void> {
  const task = (await store.read.tasks.get(`${FLEET}/${index}`)) ?? { status: 'queued', fence: 0, attempt: 1 };
  const held = task.status === 'queued' ? await startTask(store, `${FLEET}/${index}`) : undefined;
  const lease = held ?? { id: `${FLEET}/${index}`, fence: task.fence };
  await store.write((tx) =>
    tx.approvals.ask(lease, {
      taskId: `${FLEET}/${index}`,
      attempt: held?.attempt ?? task.attempt,
      nodeId: 'gate',
      message: 'Ship it?',
      decisions: usual,
      askedAt: ASKED_AT,
      expiresAt: EXPIRES_AT,
      ...change,
    }),
  );
}

async function say(
  words: DecisionWords = {},
  {
    by = hubot,
    receivedAt = 5_000,
    settings = anybody,
  }: { by?: Person; receivedAt?: number; settings?: ApproverSettings } = {},
): Promise<string[]> {
  const fleet = await store.read.fleets.get(FLEET);
  if (fleet === undefined) throw new Error('there is no fleet');
  const context = { store, clock: { now: () => now } };
  const all = { decision: 'approve', ...words };
  const decided = await decide(context, { fleet }, settings, by, all, receivedAt);
  return decided.map(({ repository, nodeId }) => `${repository} ${nodeId}`);
}

const answers = async () =>
  (await store.read.approvals.ofFleet(FLEET)).map(({ answer }) =>
    answer?.kind === 'decided' ? `${answer.decision} by ${answer.by.login}: ${answer.text}` : answer,
  );

/** The refusal's detail and remedy as one text. */
async function refusalOf(said: Promise<unknown>): Promise<string> {
  const error = await said.catch((thrown: unknown) => thrown);
  if (!(error instanceof Refusal)) throw new Error(`no refusal but ${String(error)}`);
  return `${error.code}: ${error.detail} ${error.remedy}`;
}

describe('a decision', () => {
  test('without a glob is that of every repository that waits, with its text', async () => {
    for (const index of [0, 1, 2]) await asks(index);
    expect(await say({ text: 'go' })).toEqual(['acme/service-1 gate', 'acme/service-2 gate', 'acme/service-3 gate']);
    expect(await answers()).toEqual(Array(3).fill('approve by hubot: go'));
  });

  test('with a glob is that of the repositories that it matches, on the name or on owner/name', async () => {
    for (const index of [0, 1, 2]) await asks(index);
    expect(await say({ repositories: '*-1' })).toEqual(['acme/service-1 gate']);
    expect(await say({ repositories: 'ACME/service-2', decision: 'reject' })).toEqual(['acme/service-2 gate']);
    expect(await answers()).toEqual(['approve by hubot: ', 'reject by hubot: ', null]);
  });

  test('that one node alone knows means that node, and the way to another one names it', async () => {
    await asks(0, { decisions: custom });
    await asks(1, { nodeId: 'canary' });
    const refusal = await refusalOf(say({ decision: 'nope' }));
    expect(refusal).toContain(`\`/fleet approve ${FLEET} node=gate decision=ship\``);
    expect(await say({ decision: 'ship' })).toEqual(['acme/service-1 gate']);
    expect(await say()).toEqual(['acme/service-2 canary']);
  });

  test('about one of several nodes needs its name', async () => {
    await asks(0);
    await asks(1, { nodeId: 'canary' });
    expect(await refusalOf(say())).toBe(
      `undecidable: Several nodes wait for a decision: \`gate\`, \`canary\`. Name the one that you mean: \`/fleet approve ${FLEET} node=gate\`, \`/fleet approve ${FLEET} node=canary\`.`,
    );
    expect(await say({ node: 'canary' })).toEqual(['acme/service-2 canary']);
    expect(await say()).toEqual(['acme/service-1 gate']);
  });

  test('that one of the repositories does not know decides nothing in any, and says what can be', async () => {
    await asks(0);
    await asks(1, { decisions: custom });
    expect(await refusalOf(say())).toBe(
      `undecidable: \`approve\` is no decision of \`gate\`; nothing was decided. Write one of these: \`/fleet approve ${FLEET} decision=ship\` (Ship it), \`/fleet approve ${FLEET} decision=hold\`.`,
    );
    expect(await answers()).toEqual([null, null]);
    expect(await say({ repositories: 'service-2', decision: 'ship' })).toEqual(['acme/service-2 gate']);
  });

  test('about what does not wait names what does', async () => {
    await asks(0);
    await asks(1);
    const text = await refusalOf(say({ repositories: 'service-9' }));
    expect(text).toContain('This waits: `gate` in 2 repositories (acme/service-1, acme/service-2).');
    expect(await refusalOf(say({ node: 'nope' }))).toContain('This waits: `gate`');
  });

  test('where nothing waits is refused', async () => {
    expect(await refusalOf(say())).toContain(`wrong_state: Nothing of \`${FLEET}\` waits for a decision.`);
    await asks(0);
    await say();
    expect(await refusalOf(say({}, { receivedAt: now + 1 }))).toContain('wrong_state: Nothing');
  });

  test('comes too late once the time is over, whether that is recorded or not', async () => {
    await asks(0);
    await asks(1, { expiresAt: 200_000 });
    now = EXPIRES_AT;
    expect(await refusalOf(say({ repositories: 'service-1' }))).toMatch(
      /^wrong_state: The time to decide about `gate` in acme\/service-1 is over since 1970-01-01 00:01 UTC\./,
    );
    expect(await say()).toEqual(['acme/service-2 gate']);
    expect(await answers()).toEqual([null, 'approve by hubot: ']);
  });

  test('is not about what was asked after the command', async () => {
    await asks(0, { askedAt: 5_001 });
    expect(await refusalOf(say())).toContain(
      'waited when the command was given. By now this does: `gate` in acme/service-1.',
    );
    await asks(1);
    expect(await say()).toEqual(['acme/service-2 gate']);
    expect(await answers()).toEqual([null, 'approve by hubot: ']);
  });

  test('of a fleet that is being cancelled is refused', async () => {
    await asks(0);
    await store.write((tx) => tx.fleets.requestCancel(FLEET, now, mona));
    expect(await refusalOf(say())).toContain('is being cancelled');
    expect(await answers()).toEqual([null]);
  });
});

describe('a decision whose answer was lost', () => {
  test('has succeeded when it is taken up again, also where its task has ended since', async () => {
    await asks(0);
    await say({ decision: 'reject' });
    const task = await store.read.tasks.get(`${FLEET}/0`);
    await store.write((tx) =>
      tx.tasks.end({ id: `${FLEET}/0`, fence: task?.fence ?? 0 }, { status: 'cancelled', reason: 'Rejected.' }, now),
    );
    expect(await say({ decision: 'reject' })).toEqual(['acme/service-1 gate']);
  });

  test('is only its own: not that of another person, not another decision, not an earlier one', async () => {
    await asks(0);
    await say();
    await expect(say({}, { by: mona })).rejects.toThrow('Nothing');
    await expect(say({ decision: 'reject' })).rejects.toThrow('Nothing');
    await expect(say({}, { receivedAt: now + 1 })).rejects.toThrow('Nothing');
  });
});

describe('who may decide', () => {
  test('is whom the settings name', async () => {
    await asks(0);
    const settings = { approvers: ['HUBOT'], notSender: false };
    await expect(say({}, { by: mona, settings })).rejects.toThrow('`approvers:`');
    expect(await say({}, { settings })).toHaveLength(1);
  });

  test('is another one than who asked for the fleet, where the settings say so', async () => {
    await asks(0);
    await expect(say({}, { by: mona, settings: { ...anybody, notSender: true } })).rejects.toThrow('not_sender');
    expect(await answers()).toEqual([null]);
  });
});
