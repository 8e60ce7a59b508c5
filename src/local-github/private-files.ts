import { chmodSync, closeSync, existsSync, openSync, readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Makes a folder that only its owner enters. One that was there is closed too, but only where it holds nothing besides
 * `ours`: a home or a temporary directory of everybody's must not be shut by being named.
 */
export async function makePrivateFolder(folder: string, ours: readonly string[]): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (readdirSync(folder).every((name) => ours.includes(name))) chmodSync(folder, 0o700);
}

/** Before SQLite opens it: the files beside a database get the database's own mode. */
export function makePrivateDatabase(folder: string, name: string): void {
  closeSync(openSync(join(folder, name), 'a', 0o600));
  for (const file of databaseFiles(name)) if (existsSync(join(folder, file))) chmodSync(join(folder, file), 0o600);
}

/** What SQLite keeps for a database. */
export const databaseFiles = (name: string): string[] => [name, `${name}-wal`, `${name}-shm`];
