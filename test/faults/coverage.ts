import { POINTS, type Point, SIDES, type Side } from './points.ts';
import type { Kill } from './schedule.ts';

/** How often the app died at each point, on each side. */
export type Coverage = ReadonlyMap<string, number>;

const keyOf = (point: Point, side: Side): string => `${side} ${point}`;

export function coverageOf(made: readonly Kill[]): Coverage {
  const counts = new Map<string, number>();
  for (const kill of made) {
    if (kill.kind === 'random') continue;
    const key = keyOf(kill.point, kill.side);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** Points that were met less often than wanted on a side. */
export function missing(coverage: Coverage, points: readonly Point[], wanted: number): string[] {
  return points.flatMap((point) =>
    SIDES.flatMap((side) => {
      const met = coverage.get(keyOf(point, side)) ?? 0;
      return met >= wanted ? [] : [`${keyOf(point, side)}: met ${met} times, ${wanted} wanted`];
    }),
  );
}

/** For a run that has not the time for all: which sides of which points it met. */
export function metLine(coverage: Coverage, points: readonly Point[]): string {
  const all = points.flatMap((point) => SIDES.map((side) => keyOf(point, side)));
  const met = all.filter((key) => (coverage.get(key) ?? 0) > 0);
  return `met ${met.length} of ${all.length}: ${met.join(', ')}`;
}

export function coverageTable(coverage: Coverage, points: readonly Point[]): string {
  const rows = POINTS.map((point) => {
    const counts = SIDES.map((side) => (points.includes(point) ? String(coverage.get(keyOf(point, side)) ?? 0) : '-'));
    return [point.padEnd(18), ...counts.map((count) => count.padStart(7))].join('');
  });
  return [['point'.padEnd(18), ...SIDES.map((side) => side.padStart(7))].join(''), ...rows].join('\n');
}
