import { createEgress } from '../src/platform/egress/open-egress.ts';
import { createSandbox } from '../src/platform/sandbox/create-sandbox.ts';
import { probeSandbox } from '../src/platform/sandbox/probe.ts';
import type { Box, BoxLimits, Sandbox } from '../src/ports/sandbox.ts';

const LIMITS: BoxLimits = {
  processes: 2048,
  memoryBytes: 8 * 1024 ** 3,
  cpuSeconds: 3600,
  fileBytes: 4 * 1024 ** 3,
  diskBytes: 10 * 1024 ** 3,
};

const silent = () => undefined;
const openEgress = createEgress({ log: { debug: silent, info: silent, warn: silent, error: silent } });

/** Commands with the rights of the tests. */
export const unboxed: Sandbox = createSandbox({ facts: null, limits: LIMITS, read: [], hosts: [], openEgress });

const found = await probeSandbox(process.env.PATH ?? '');

/** Why this machine has no box; null: it has. */
export const noSandbox: string | null = 'problem' in found ? found.problem : null;

/** Boxes where the machine has them, as a rehearsal does. */
export const boxedIfPossible: Sandbox = 'problem' in found ? unboxed : boxedWith({});

/**
 * Of stories and of our own git: in boxes where the project says so, as `programs` does. To make a box takes as long as most
 * of what is in it, and `npm test` makes thousands.
 */
export const usualSandbox: Sandbox = process.env.FLEET_TEST_BOXED === '1' ? boxedIfPossible : unboxed;

/** Boxes with other limits. @throws Error where the machine has none */
export function boxedWith(
  limits: Partial<BoxLimits>,
  hosts: readonly string[] = [],
  places: { read?: readonly string[]; hidden?: readonly string[] } = {},
): Sandbox {
  if ('problem' in found) throw new Error(found.problem);
  return createSandbox({ facts: found, limits: { ...LIMITS, ...limits }, read: [], ...places, hosts, openEgress });
}

export const emptyBox: Box = { mounts: [], hosts: [], modelApi: null };

/** The same with a folder in which commands meet their test. */
export const withMeeting = (sandbox: Sandbox, folder: string): Sandbox => ({
  boxed: sandbox.boxed,
  filtered: sandbox.filtered,
  open: (box) => sandbox.open({ ...box, mounts: [{ path: folder, access: 'write' }, ...box.mounts] }),
});
