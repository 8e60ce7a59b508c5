import type { Target, Visibility } from './plan.ts';

const SECRECY: Record<Visibility, number> = { public: 0, internal: 1, private: 2 };

/** Whether more people can see a repository of visibility `a` than one of `b`. */
export const isMoreVisible = (a: Visibility, b: Visibility): boolean => SECRECY[a] < SECRECY[b];

/** The targets whose names and results a tracking issue in the control repository would show to people who cannot see them. */
export function violations<T extends Pick<Target, 'visibility'>>(control: Visibility, targets: readonly T[]): T[] {
  return targets.filter((target) => isMoreVisible(control, target.visibility));
}
