import { describe, expect, it } from 'vitest';
import type { Caps, FleetLoad } from '../../src/core/slots.ts';
import { type Candidate, chooseTasks } from '../../src/engine/choose-tasks.ts';

const wide: Caps = { system: 100, perUser: 100 };

function load(fleetId: string, change: Partial<FleetLoad> = {}): FleetLoad {
  return { fleetId, userId: 1, parallel: null, running: 0, parked: 0, ...change };
}

/** `a1 a2 b1`: tasks of fleets a and b, each in its own repository unless `a1@9` names one. */
function candidates(words = '', firstRepository = 1_000): Candidate[] {
  if (words === '') return [];
  return words.split(' ').map((word, index) => {
    const [id = '', repository] = word.split('@');
    return { id, fleetId: id.charAt(0), repositoryId: Number(repository ?? firstRepository + index), branch: 'b' };
  });
}

describe('choosing tasks', () => {
  it.each<{
    says: string;
    queued?: string;
    parked?: string;
    loads: FleetLoad[];
    caps?: Partial<Caps>;
    starts: string;
  }>([
    { says: 'all of a fleet without a bound', queued: 'a1 a2 a3', loads: [load('a')], starts: 'a1 a2 a3' },
    {
      says: 'one of a sequential fleet',
      queued: 'a1 a2 a3',
      loads: [load('a', { parallel: 1 })],
      starts: 'a1',
    },
    {
      says: 'none of a sequential fleet that runs one',
      queued: 'a2 a3',
      loads: [load('a', { parallel: 1, running: 1 })],
      starts: '',
    },
    {
      says: "up to the fleet's number",
      queued: 'a2 a3 a4',
      loads: [load('a', { parallel: 3, running: 1 })],
      starts: 'a2 a3',
    },
    {
      says: 'up to the system cap, over fleets that have no candidate too',
      queued: 'b1 b2 b3',
      loads: [load('a', { running: 6 }), load('b', { userId: 2 })],
      caps: { system: 8 },
      starts: 'b1 b2',
    },
    {
      says: 'none when the system cap was lowered below what runs',
      queued: 'b1',
      loads: [load('a', { running: 6 }), load('b')],
      caps: { system: 4 },
      starts: '',
    },
    {
      says: "a person's fleets together up to the person's cap",
      queued: 'a1 a2 b1 b2 c1 c2',
      loads: [load('a'), load('b', { running: 1 }), load('c', { userId: 2 })],
      caps: { perUser: 2 },
      starts: 'a1 c1 c2',
    },
    {
      says: 'in turn from fleets that run equally many, the older one first',
      queued: 'a1 a2 a3 b1 b2 b3',
      loads: [load('a'), load('b')],
      caps: { system: 5 },
      starts: 'a1 b1 a2 b2 a3',
    },
    {
      says: 'first from the fleet that runs fewest',
      queued: 'a4 a5 b1 b2 b3 b4',
      loads: [load('a', { running: 3 }), load('b')],
      caps: { system: 7 },
      starts: 'b1 b2 b3 a4',
    },
    {
      says: 'one of two that want the same branch of a repository',
      queued: 'a1@7 a2 b1@7 b2',
      loads: [load('a'), load('b')],
      starts: 'a1 b2 a2',
    },
    { says: 'nothing of a fleet that has no load', queued: 'x1', loads: [load('a')], starts: '' },
    {
      says: 'none of a sequential fleet whose parked task waits for its time',
      queued: 'a2',
      loads: [load('a', { parallel: 1, parked: 1 })],
      starts: '',
    },
    {
      says: 'the parked task of a sequential fleet, and no other',
      queued: 'a2',
      parked: 'a1',
      loads: [load('a', { parallel: 1, parked: 1 })],
      starts: 'a1',
    },
    {
      says: 'as many beside parked ones as the number allows',
      queued: 'a3 a4 a5',
      parked: 'a1',
      loads: [load('a', { parallel: 3, parked: 1, running: 1 })],
      starts: 'a1 a3',
    },
    {
      says: 'parked ones before all others, in their order',
      queued: 'a1 b1',
      parked: 'b3 a4',
      loads: [load('a', { parked: 1 }), load('b', { parked: 1 })],
      caps: { system: 3 },
      starts: 'b3 a4 a1',
    },
    {
      says: 'no parked one over the caps of its person',
      queued: 'b1',
      parked: 'a1',
      loads: [load('a', { parked: 1, running: 2 }), load('b', { userId: 2 })],
      caps: { perUser: 2 },
      starts: 'b1',
    },
  ])('starts $says', ({ queued, parked, loads, caps, starts }) => {
    const chosen = chooseTasks({ queued: candidates(queued), parked: candidates(parked, 2_000) }, loads, {
      ...wide,
      ...caps,
    });
    expect(chosen.join(' ')).toBe(starts);
  });
});
