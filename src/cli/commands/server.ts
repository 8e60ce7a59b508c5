import type { Command } from 'commander';
import type { BackupFlags, RestoreFlags } from '../backup.ts';
import type { DoctorFlags } from '../doctor/run-doctor.ts';

/** What is done to a server's own data and looked at of it: backup, restore, doctor. */
export function addServer(program: Command): void {
  program
    .command('backup')
    .description('Copy the database of the data directory, while its server runs or not')
    .argument('<folder or file>', 'outside of the data directory; in a folder the file is named by the time')
    .option('--data <folder>', 'the data directory (default: FLEET_DATA_DIR, or ./data)')
    .option('--force', 'replace the file if there is one', false)
    .option('--json', 'print one JSON object', false)
    .action(async (to: string, flags: BackupFlags) => {
      const { runBackup } = await import('../backup.ts');
      process.exitCode = await runBackup(to, flags);
    });

  program
    .command('restore')
    .description('Put a backup into a data directory that has no database; nothing is ever overwritten')
    .argument('<file>', 'what `fleet backup` wrote')
    .option('--data <folder>', 'the data directory (default: FLEET_DATA_DIR, or ./data)')
    .option('--json', 'print one JSON object', false)
    .action(async (from: string, flags: RestoreFlags) => {
      const { runRestore } = await import('../backup.ts');
      process.exitCode = await runRestore(from, flags);
    });

  program
    .command('doctor')
    .description('Look whether everything that the server needs is in order, and say what to do; nothing is changed')
    .option('--json', 'print the findings as one JSON object', false)
    .action(async (flags: DoctorFlags) => {
      const { runDoctor } = await import('../doctor/run-doctor.ts');
      process.exitCode = await runDoctor(flags);
    });
}
