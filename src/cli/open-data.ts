import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LogsError } from '../fleet/logs-error.ts';
import type { Reads } from '../store/contract/store.ts';
import { openReads } from '../store/sqlite/open.ts';

export const DATABASE = 'flotilla.db';

/** A data directory as somebody reads it beside the server, or without one. */
export interface OpenData {
  folder: string;
  read: Reads;
  close(): Promise<void>;
}

/** @param given a server's FLEET_DATA_DIR, or the `--data` of a rehearsal @throws LogsError */
export async function openData(given: string): Promise<OpenData> {
  const folder = findDataFolder(given);
  if (folder === null) {
    throw new LogsError(
      `${join(resolve(given), DATABASE)} does not exist. Give the server's FLEET_DATA_DIR, or the --data of a rehearsal: --data <folder>.`,
    );
  }
  try {
    return { folder, ...(await openReads({ file: join(folder, DATABASE) })) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new LogsError(
      `${why} Read it with the version of Flotilla that wrote it, as the user who runs the server; a newer one is started once before.`,
    );
  }
}

/** The folder that holds the database, absolute: a server's FLEET_DATA_DIR, or within the `--data` of a rehearsal; null: none. */
export function findDataFolder(given: string): string | null {
  const folders = [resolve(given), join(resolve(given), 'app')];
  return folders.find((one) => existsSync(join(one, DATABASE))) ?? null;
}
