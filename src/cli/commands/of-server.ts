import type { Command } from 'commander';

/** A command that asks a server. */
export function ofServer(program: Command, name: string): Command {
  return program.command(name).option('--server <url>', 'address of the Flotilla server (default: FLEET_URL)');
}

export async function run(command: () => Promise<number>): Promise<void> {
  const { runClient } = await import('../client/session.ts');
  process.exitCode = await runClient(command);
}
