import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LogsError } from '../fleet/logs-error.ts';
import type { Reads } from '../store/contract/store.ts';
import { openReads } from '../store/sqlite/open.ts';

const DATABASE = 'flotilla.db';

/** A data directory as somebody reads it beside the server, or without one. */
export interface OpenData {
  folder: string;
  read: Reads;
  close(): Promise<void>;
}

/** @param given a server's FLEET_DATA_DIR, or the `--data` of a rehearsal @throws LogsError */
export async function openData(given: string): Promise<OpenData> {
  const folders = [resolve(given), join(resolve(given), 'app')];
  const folder = folders.find((one) => existsSync(join(one, DATABASE)));
  if (folder === undefined) {
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
