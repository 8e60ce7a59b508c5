import { join } from 'node:path';
import { execa } from 'execa';

const BIN = join(import.meta.dirname, '..', '..', 'bin', 'fleet.js');

/** A configured GitHub App around it, which must not leak into a rehearsal. */
const FOREIGN = {
  APP_ID: '999',
  WEBHOOK_SECRET: 'development',
  GHE_HOST: 'github.invalid',
  FLEET_SETTINGS: '/nowhere',
};

/** `fleet` as a person starts it, in a process of its own. */
export const fleetCommand = (...args: string[]) =>
  execa(process.execPath, [BIN, ...args], { reject: false, env: FOREIGN, stdin: 'ignore', cleanup: true });
