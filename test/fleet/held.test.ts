import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { Refusal } from '../../src/core/refusals.ts';
import type { Rollout } from '../../src/core/workflow/types.ts';
import { decide } from '../../src/fleet/decide.ts';
import { reject } from '../../src/fleet/reject.ts';
import type { Store } from '../../src/store/contract/store.ts';
import { openStore } from '../../src/store/sqlite/open.ts';
import { aPlan, failed, hubot, insertReady, mona, silentLog, startTask, temporaryFolder } from '../store/fixtures.ts';

const FLEET = 'f-aaaaaaaa';
const HELD_AT = 5_000;
const anybody = { approvers: null, notSender: false };
const rollout: Rollout = { canary: null, waves: [], haltOnFailure: { count: 1 }, approve: 'none', after: [] };
const usual = [
  { id: 'approve', label: 'approve' },
  { id: 'ship', label: 'Ship it' },
];

let store: Store;

/** A fleet of three repositories that halted, as the first one failed. */
beforeEach(async () => {
  const folder = await temporaryFolder();
  store = await openStore({ file: join(folder.path, 'store.db'), log: silentLog });
  onTestFinished(async () => {
    await store.close();
    await folder.remove();
  });
  const plan = aPlan({ workflow: { ...aPlan().workflow, rollout } });
  await insertReady(store, FLEET, 3, { plan });
  const asking = await startTask(store, `${FLEET}/1`);
  const task = await startTask(store, `${FLEET}/0`);
  await store.write((tx) => tx.tasks.end(task, failed, HELD_AT));
  const question = { taskId: asking.id, attempt: 1, nodeId: 'gate', message: 'Ship it?', decisions: usual };
  await store.write((tx) => tx.approvals.ask(asking, { ...question, askedAt: HELD_AT + 10, expiresAt: 90_000 }));
});

async function theFleet() {
  const fleet = await store.read.fleets.get(FLEET);
  if (fleet === undefined) throw new Error('there is no fleet');
  return fleet;
}

const context = (now = 10_000) => ({ store, clock: { now: () => now } });
const rejectAt = async (receivedAt: number, by = hubot) =>
  reject(context(), { fleet: await theFleet() }, anybody, by, receivedAt);
const say = async (decision: string, receivedAt: number) =>
  decide(context(), { fleet: await theFleet() }, anybody, hubot, { decision }, receivedAt);

async function refusalOf(said: Promise<unknown>): Promise<string> {
  const error = await said.catch((thrown: unknown) => thrown);
  if (!(error instanceof Refusal)) throw new Error(`no refusal but ${String(error)}`);
  return `${error.code}: ${error.detail} ${error.remedy}`;
}

describe('a fleet that is held', () => {
  test('is not rejected by a comment that came before: nobody had seen why', async () => {
    expect(await refusalOf(rejectAt(HELD_AT - 1))).toMatch(
      /^undecidable: .* did not wait when the command was given\. .* give the command again\.$/,
    );
    expect((await theFleet()).cancelRequestedAt).toBeNull();
  });

  test('that is rejected cancels what is left; taken up again the command has succeeded, another one finds nothing', async () => {
    await rejectAt(HELD_AT);
    const tasks = await store.read.tasks.ofFleet(FLEET);
    expect(tasks.map(({ status }) => status)).toEqual(['failed', 'running', 'cancelled']);
    expect(tasks.map(({ cancelRequested }) => cancelRequested)).toEqual([false, true, false]);
    await rejectAt(HELD_AT);
    expect(await refusalOf(rejectAt(HELD_AT, mona))).toMatch(/^wrong_state: .* is being cancelled/);
  });

  test('names the node in what can be written for its nodes, as a command without one means the fleet', async () => {
    expect(await refusalOf(say('reject', HELD_AT + 20))).toContain(
      `Write one of these: \`/fleet approve ${FLEET} node=gate\`, \`/fleet approve ${FLEET} node=gate decision=ship\``,
    );
  });

  test('says so to an answer when none of its nodes asks', async () => {
    await say('ship', HELD_AT + 20);
    expect(await refusalOf(say('approve', 20_000))).toContain(
      `No node of \`${FLEET}\` waits for a decision; the fleet waits as a whole. Write \`/fleet approve ${FLEET}\` alone.`,
    );
    expect(await refusalOf(say('approve', HELD_AT - 1))).toContain('did not wait when the command was given');
  });
});
