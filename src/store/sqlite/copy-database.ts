import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { MIGRATIONS } from '../migrations/migrations.ts';

/** What a copy holds. */
export interface CopiedDatabase {
  /** Number of its last migration. */
  version: number;
  /** Of the file. */
  bytes: number;
  fleets: number;
  unended: number;
  /** Time of the newest event, epoch milliseconds; null: nothing ever happened. */
  lastEventAt: number | null;
}

/** What was asked for cannot be done; nothing was changed. */
export class CopyRefused extends Error {}

const BUSY_TIMEOUT_MS = 5_000;

/**
 * Copies a database as it stands at one moment, whether somebody writes to it or not. The copy is one file for its owner
 * alone, looked through before it takes its name: `to` never holds half of one.
 * @param to in a folder that exists
 * @param options.replace otherwise an existing `to` is refused
 * @throws CopyRefused
 */
export function copyDatabase(from: string, to: string, options: { replace: boolean }): CopiedDatabase {
  refuseExisting(to, options);
  const draft = `${to}.${process.pid}.part`;
  rmSync(draft, { force: true });
  try {
    // Before anything is in it: SQLite would make it by the umask.
    closeSync(openSync(draft, 'wx', 0o600));
    vacuumInto(from, draft);
    const copied = lookThrough(draft, from);
    sync(draft);
    refuseExisting(to, options);
    renameSync(draft, to);
    sync(dirname(to));
    return copied;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** One read transaction sees all of it, which the page-by-page backup does only while nobody else writes. */
function vacuumInto(from: string, draft: string): void {
  const handle = new Database(from, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  try {
    handle.prepare('vacuum into ?').run(draft);
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
    throw new CopyRefused(`${from} could not be copied: ${error.message} (${error.code}).`, { cause: error });
  } finally {
    handle.close();
  }
}

const counts = z.object({ fleets: z.int(), unended: z.int(), lastEventAt: z.int().nullable() });

function lookThrough(file: string, from: string): CopiedDatabase {
  const handle = new Database(file, { readonly: true, fileMustExist: true });
  try {
    const faults = z.array(z.string()).parse(handle.prepare('pragma integrity_check').pluck().all());
    if (faults.length !== 1 || faults[0] !== 'ok') {
      throw new CopyRefused(`The copy of ${from} is damaged: ${faults.slice(0, 3).join('; ')}. It was not kept.`);
    }
    const version = z.int().parse(handle.pragma('user_version', { simple: true }));
    const known = MIGRATIONS.at(-1)?.number ?? 0;
    if (version < 1) throw new CopyRefused(`${from} is no database of Flotilla.`);
    if (version > known) {
      const newer = `${from} is at version ${version}, this Flotilla knows versions up to ${known}.`;
      throw new CopyRefused(`${newer} Use the Flotilla that wrote it.`);
    }
    const asked = `select (select count(*) from fleets) as fleets,
      (select count(*) from fleets where ended_at is null) as unended,
      (select max(at) from events) as lastEventAt`;
    return { version, bytes: statSync(file).size, ...counts.parse(handle.prepare(asked).get()) };
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
    throw new CopyRefused(`${from} is no database of Flotilla: ${error.message}.`, { cause: error });
  } finally {
    handle.close();
  }
}

function refuseExisting(to: string, { replace }: { replace: boolean }): void {
  if (!replace && existsSync(to)) throw new CopyRefused(`${to} exists, and nothing is overwritten.`);
}

/** Of a folder: its names. */
function sync(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
