import type { Command } from 'commander';

/** A command that asks a server. A wrong command line has the exit status 2, as what a fleet came to has the others. */
export function ofServer(program: Command, name: string): Command {
  return program
    .command(name)
    .option('--server <url>', 'address of the Flotilla server (default: FLEET_URL)')
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));
}

export async function run(command: () => Promise<number>): Promise<void> {
  const { runClient } = await import('../client/session.ts');
  process.exitCode = await runClient(command);
}
