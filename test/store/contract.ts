import { afterEach, beforeEach, describe } from 'vitest';
import type { Store } from '../../src/store/contract/store.ts';
import { approvalsContract } from './contract/approvals.ts';
import { deliveriesContract } from './contract/deliveries.ts';
import { diskContract } from './contract/disk.ts';
import { effectsContract } from './contract/effects.ts';
import { eventsContract } from './contract/events.ts';
import { fleetsContract } from './contract/fleets.ts';
import { gatesContract } from './contract/gates.ts';
import { metricsContract } from './contract/metrics.ts';
import { missedDeliveriesContract } from './contract/missed-deliveries.ts';
import { notificationsContract } from './contract/notifications.ts';
import { patchesContract } from './contract/patches.ts';
import { queueContract } from './contract/queue.ts';
import { reportsContract } from './contract/reports.ts';
import { sessionsContract } from './contract/sessions.ts';
import { tasksContract } from './contract/tasks.ts';
import { turnsContract } from './contract/turns.ts';
import { undosContract } from './contract/undos.ts';
import { writingContract } from './contract/writing.ts';

/** One database of an implementation, made anew for each test. */
export interface StoreUnderTest {
  store: Store;
  /** Closes the store and opens the same database again. */
  reopen(): Promise<Store>;
  /** Runs SQL on the database itself, past the store. */
  execute(statement: string): Promise<unknown>;
  remove(): Promise<void>;
}

/** What every implementation of the store has to do. */
export function storeContract(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`the store on ${name}`, () => {
    let under: StoreUnderTest;
    beforeEach(async () => {
      under = await open();
    });
    afterEach(() => under.remove());
    const current = () => under;

    describe('writing', () => writingContract(current));
    describe('deliveries', () => deliveriesContract(current));
    describe('missed deliveries', () => missedDeliveriesContract(current));
    describe('fleets', () => fleetsContract(current));
    describe('events', () => eventsContract(current));
    describe('tasks, nodes and pushes', () => tasksContract(current));
    describe('the queue', () => queueContract(current));
    describe('sessions', () => sessionsContract(current));
    describe('approvals and the journal of tasks', () => approvalsContract(current));
    describe('waves and gates', () => gatesContract(current));
    describe('pauses and retries', () => turnsContract(current));
    describe('patches and their publication', () => patchesContract(current));
    describe('the disk', () => diskContract(current));
    describe('undos', () => undosContract(current));
    describe('notifications', () => notificationsContract(current));
    describe('reports', () => reportsContract(current));
    describe('sums for metrics', () => metricsContract(current));
    describe('effects and the budget', () => effectsContract(current));
  });
}
