import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { givenFolder } from '../rehearse/given-folder.ts';
import { fleetCommand } from './fleet-command.ts';

/** Starts the command and waits until it says where it is. */
async function started(...args: string[]): Promise<{ port: string; child: ReturnType<typeof fleetCommand> }> {
  const child = fleetCommand('local-github', '--data', join(givenFolder(), 'data'), ...args);
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /^Local GitHub {3}http:\/\/127\.0\.0\.1:(\d+)$/.exec(line)?.[1];
    if (port !== undefined) return { port, child };
  }
  throw new Error(`it ended: ${(await child).stderr}`);
}

it('says in one line that the port is taken', async () => {
  const { port } = await started('--port', '0');
  const second = await fleetCommand('local-github', '--data', join(givenFolder(), 'data'), '--port', port);
  expect([second.exitCode, second.stderr]).toEqual([
    1,
    `Port ${port} is in use; give another --port, or stop what listens there.`,
  ]);
});
