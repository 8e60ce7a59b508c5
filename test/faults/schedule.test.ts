import { describe, expect, it } from 'vitest';
import { coverageOf, metLine, missing } from './coverage.ts';
import { ALL, chooseScenarios, FEW } from './scenarios.ts';
import { isAsked, type Kill, makeSchedule, makeUp, reachable } from './schedule.ts';

const SEEDS = Array.from({ length: 300 }, (_, index) => index + 1);
const KEPT: Kill = { kind: 'random', phase: 'asked' };
const killsOf = (fleets: readonly { kills: readonly Kill[] }[]): Kill[] => fleets.flatMap(({ kills }) => kills);

describe('a schedule', () => {
  it('is the same for the same seed, and another one for another', () => {
    expect(makeSchedule(7, 60, FEW)).toEqual(makeSchedule(7, 60, FEW));
    expect(makeSchedule(7, 60, FEW)).not.toEqual(makeSchedule(8, 60, FEW));
  });

  it.each([1, 2, 3])('of 200 kills meets every point five times on both sides (seed %i)', (seed) => {
    const { fleets, named, wanted } = makeSchedule(seed, 200, ALL);
    const kills = killsOf(fleets);
    expect(kills).toHaveLength(200);
    expect(kills.filter(({ kind }) => kind === 'point')).toHaveLength(named);
    expect(wanted).toBe(5);
    expect(missing(coverageOf(kills), reachable(ALL), wanted)).toEqual([]);
  });

  it('of 200 kills keeps some for when every task waits for a person, whatever the seed', () => {
    for (const seed of SEEDS) {
      const { fleets, wanted } = makeSchedule(seed, 200, ALL);
      const kills = killsOf(fleets);
      const kept = fleets.filter((fleet) => fleet.kills.some(isAsked)).map(({ scenario }) => scenario.name);
      expect(new Set(kept), `seed ${seed}`).toEqual(new Set(['asks']));
      expect(kills, `seed ${seed}`).toHaveLength(200);
      expect(missing(coverageOf(kills), reachable(ALL), wanted), `seed ${seed}`).toEqual([]);
    }
  });

  it('keeps one too where it was missed, and where nothing else runs', () => {
    for (const seed of SEEDS) {
      const missed: Kill[] = [{ kind: 'random', phase: 'run', delayMs: 3_000 }, KEPT];
      const asked = makeUp(seed, missed, ALL, 12).filter(({ kills }) => kills.some(isAsked));
      expect(
        asked.map(({ scenario }) => scenario.name),
        `seed ${seed}`,
      ).toEqual(['asks']);
    }
    expect(killsOf(makeSchedule(5, 12, chooseScenarios(['asks'])).fleets)).toContainEqual(KEPT);
    expect(killsOf(makeSchedule(5, 60, FEW).fleets)).not.toContainEqual(KEPT);
  });

  it.each([1, 6, 20, 75])('of %i kills makes half of them at points', (count) => {
    const { fleets } = makeSchedule(4, count, FEW);
    const kills = killsOf(fleets);
    expect(kills).toHaveLength(count);
    expect(kills.filter(({ kind }) => kind === 'point')).toHaveLength(Math.ceil(count / 2));
  });

  it('lets no task lose its process so often that it is given up', () => {
    for (const { scenario, kills } of makeSchedule(5, 200, ALL).fleets) {
      const whileTasksRun = kills.filter((kill) =>
        kill.kind === 'random' ? !isAsked(kill) : ['task', 'report'].includes(scenario.points[kill.point]?.when ?? ''),
      );
      expect(whileTasksRun.length).toBeLessThanOrEqual(4);
    }
  });

  it('has a fleet before each that follows one, of the same version', () => {
    const { fleets } = makeSchedule(6, 200, ALL);
    for (const [index, { scenario, version }] of fleets.entries()) {
      if (!scenario.follows) continue;
      expect(fleets[index - 1]).toMatchObject({ version, scenario: { workflow: scenario.workflow, follows: false } });
    }
  });

  it('makes up for what was missed, at the first occurrence', () => {
    const missed: Kill[] = [
      { kind: 'point', point: 'pull_request_edit', side: 'after', occurrence: 2 },
      { kind: 'random', phase: 'run', delayMs: 3_000 },
    ];
    const fleets = makeUp(1, missed, FEW, 12);
    expect(killsOf(fleets)).toEqual(expect.arrayContaining([{ ...missed[0], occurrence: 1 }, missed[1]]));
    expect(fleets.map(({ version }) => version)).toEqual(fleets.map(() => 12));
    expect(makeUp(1, [], FEW, 12)).toEqual([]);
  });
});

describe('scenarios by their names', () => {
  it('bring those that they follow, and none is guessed', () => {
    expect(chooseScenarios(['push-again', 'asks']).map(({ name }) => name)).toEqual(['push', 'push-again', 'asks']);
    expect(chooseScenarios(['asks', 'ask'])).toEqual([]);
  });
});

it('tells which sides of which points were met', () => {
  const met = coverageOf([
    { kind: 'point', point: 'push', side: 'after', occurrence: 1 },
    { kind: 'point', point: 'push', side: 'after', occurrence: 2 },
  ]);
  expect(metLine(met, ['issue', 'push'])).toBe('met 1 of 4: after push');
});
