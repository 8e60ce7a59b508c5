import { chmodSync, existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely, type LogEvent, sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { sqliteDialect } from '../../src/store/dialect/sqlite.ts';
import { MIGRATIONS, type Migration } from '../../src/store/migrations/migrations.ts';
import type { Schema } from '../../src/store/schema.ts';
import { openReads, openStore } from '../../src/store/sqlite/open.ts';
import { taskReads } from '../../src/store/tasks.ts';
import { storeContract } from './contract.ts';
import { insertFleet, silentLog, temporaryFolder } from './fixtures.ts';

storeContract('SQLite', async () => {
  const folder = await temporaryFolder();
  const options = { file: join(folder.path, 'flotilla.db'), log: silentLog };
  const under = {
    store: await openStore(options),
    async reopen() {
      await under.store.close();
      under.store = await openStore(options);
      return under.store;
    },
    async execute(statement: string) {
      const handle = new Database(options.file);
      try {
        handle.exec(statement);
      } finally {
        handle.close();
      }
    },
    async remove() {
      await under.store.close();
      await folder.remove();
    },
  };
  return under;
});

describe('the SQLite file', () => {
  const next: Migration = {
    number: MIGRATIONS.length + 1,
    async up(db, { text }) {
      await db.schema.alterTable('fleets').addColumn('note', text).execute();
    },
  };
  const failing: Migration = {
    number: MIGRATIONS.length + 1,
    async up(db, { text }) {
      await db.schema.createTable('half').addColumn('id', text).execute();
      throw new Error('the migration fails');
    },
  };

  async function inFolder(work: (file: string) => Promise<void>): Promise<void> {
    const folder = await temporaryFolder();
    try {
      await work(join(folder.path, 'flotilla.db'));
    } finally {
      await folder.remove();
    }
  }

  async function makeDatabase(file: string): Promise<void> {
    const store = await openStore({ file, log: silentLog });
    await insertFleet(store, 'f-1', 1);
    await store.close();
  }

  it('says that the disk is full, keeps what it has, and goes on when there is room', () =>
    inFolder(async (file) => {
      let pages = 0;
      const bounded: Migration = {
        number: MIGRATIONS.length + 1,
        async up(db) {
          const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(db);
          pages = (rows[0]?.page_count ?? 0) + 60;
          // As a disk with that much room: SQLite has one error for both.
          await sql`pragma max_page_count = ${sql.lit(pages)}`.execute(db);
        },
      };
      const store = await openStore({ file, log: silentLog, migrations: [...MIGRATIONS, bounded] });
      await insertFleet(store, 'f-1', 1);
      await expect(insertFleet(store, 'f-2', 5_000)).rejects.toThrow(
        `The disk is full: nothing more can be written to ${file}`,
      );
      expect((await store.read.fleets.all()).map(({ id }) => id)).toEqual(['f-1']);
      await insertFleet(store, 'f-3', 1);
      await store.close();
    }));

  it('has only columns of integers and text', () =>
    inFolder(async (file) => {
      await makeDatabase(file);
      const handle = new Database(file);
      const types = handle
        .prepare(
          "select distinct lower(c.type) from sqlite_schema t, pragma_table_info(t.name) c where t.type = 'table'",
        )
        .pluck()
        .all();
      handle.close();
      expect(types.toSorted()).toEqual(['integer', 'text']);
    }));

  it('is asked by every sweep through indexes, however many tasks it has', () =>
    inFolder(async (file) => {
      await makeDatabase(file);
      const handle = new Database(file);
      const asked: string[] = [];
      const log = ({ query }: LogEvent) => {
        asked.push(query.sql.replaceAll('?', "'a'"));
      };
      const reads = taskReads(new Kysely<Schema>({ dialect: sqliteDialect(handle, () => undefined), log }));
      await reads.withWorkspace();
      await reads.inFolder('f-1', 'acme/one');
      const plans = asked.map((query) => handle.prepare(`explain query plan ${query}`).all());
      const uses = (index: string) => [expect.objectContaining({ detail: expect.stringContaining(`INDEX ${index}`) })];
      expect(plans).toEqual([uses('tasks_with_workspace'), uses('tasks_by_folder')]);
      handle.close();
    }));

  it('is durable: write-ahead log, full synchronization, foreign keys held', () =>
    inFolder(async (file) => {
      await makeDatabase(file);
      const handle = new Database(file);
      expect(handle.pragma('journal_mode', { simple: true })).toBe('wal');
      expect(handle.pragma('foreign_key_check')).toEqual([]);
      handle.close();
    }));

  it('holds its constraints against anyone who writes around the store', () =>
    inFolder(async (file) => {
      await makeDatabase(file);
      const handle = new Database(file);
      handle.pragma('foreign_keys = ON');
      const copyOf = (table: string, id: string, change: Record<string, unknown>) => {
        const row = handle.prepare<[string], Record<string, unknown>>(`select * from ${table} where id = ?`).get(id);
        const values = { ...row, ...change };
        const names = Object.keys(values);
        handle.prepare(`insert into ${table} (${names}) values (${names.map((name) => `@${name}`)})`).run(values);
      };
      const fleet = { id: 'f-2', seq: 2, delivery_id: 'd2', fleet_key: 'k2' };
      expect(() => copyOf('fleets', 'f-1', { ...fleet, fleet_key: 'key of f-1' })).toThrow('fleet_key');
      expect(() => copyOf('fleets', 'f-1', { ...fleet, delivery_id: 'delivery of f-1' })).toThrow('delivery_id');
      copyOf('fleets', 'f-1', { ...fleet, idempotency_key: 'once' });
      const twin = { id: 'f-3', seq: 3, delivery_id: 'd3', fleet_key: 'k3', idempotency_key: 'once' };
      expect(() => copyOf('fleets', 'f-1', twin)).toThrow('idempotency_key');
      expect(() => copyOf('tasks', 'f-1/0', { id: 't-2' })).toThrow('tasks.fleet_id, tasks.repository_id');
      copyOf('tasks', 'f-1/0', { id: 't-2', fleet_id: 'f-2', status: 'waiting' });
      const live = { id: 't-3', repository_id: 1, status: 'running' };
      copyOf('fleets', 'f-1', { ...twin, idempotency_key: 'twice' });
      expect(() => copyOf('tasks', 'f-1/0', { ...live, fleet_id: 'f-3' })).toThrow('tasks.repository_id, tasks.branch');
      expect(() => copyOf('tasks', 'f-1/0', { id: 't-4', fleet_id: 'f-none' })).toThrow('FOREIGN KEY');
      handle.close();
    }));

  it('can be read by a second process while the first one writes', () =>
    inFolder(async (file) => {
      await expect(openReads({ file })).rejects.toThrow('unable to open');
      const store = await openStore({ file, log: silentLog });
      const watch = await openReads({ file });
      expect(await watch.read.fleets.all()).toEqual([]);
      await insertFleet(store, 'f-1', 1);
      expect((await watch.read.fleets.all()).map(({ id }) => id)).toEqual(['f-1']);
      await watch.close();
      await store.close();
    }));

  it('is refused when it is newer than the program, and left as it is', () =>
    inFolder(async (file) => {
      await makeDatabase(file);
      const migrations = [...MIGRATIONS, next];
      await (await openStore({ file, log: silentLog, migrations })).close();
      await expect(openStore({ file, log: silentLog })).rejects.toThrow(
        `is at version ${next.number}, this Flotilla knows versions up to ${MIGRATIONS.length}`,
      );
      await (await openStore({ file, log: silentLog, migrations })).close();
    }));

  it('is for its owner alone, with all that lies beside it, also when it was made with other rights', () =>
    inFolder(async (file) => {
      const modes = () => {
        const folder = dirname(file);
        return readdirSync(folder).map((name) => [name, (statSync(join(folder, name)).mode & 0o777).toString(8)]);
      };
      await makeDatabase(file);
      expect(modes()).toEqual([['flotilla.db', '600']]);
      chmodSync(file, 0o644);
      const store = await openStore({ file, log: silentLog, migrations: [...MIGRATIONS, next] });
      const names = ['flotilla.db', 'flotilla.db-shm', 'flotilla.db-wal', `flotilla.db.before-${next.number}`];
      expect(modes().sort()).toEqual(names.map((name) => [name, '600']));
      await store.close();
    }));

  it('is copied beside itself before an existing one is migrated', () =>
    inFolder(async (file) => {
      await makeDatabase(file);
      const copy = `${file}.before-${next.number}`;
      expect(existsSync(copy)).toBe(false);
      const store = await openStore({ file, log: silentLog, migrations: [...MIGRATIONS, next] });
      expect((await store.read.fleets.get('f-1'))?.id).toBe('f-1');
      await store.close();
      const before = await openStore({ file: copy, log: silentLog });
      expect((await before.read.fleets.get('f-1'))?.id).toBe('f-1');
      await before.close();
    }));

  it('of the first version is brought up to today, with what it holds', () =>
    inFolder(async (file) => {
      await makeDatabase(file);
      const old = join(dirname(file), 'old.db');
      await (await openStore({ file: old, log: silentLog, migrations: MIGRATIONS.slice(0, 1) })).close();
      const handle = new Database(old);
      handle.prepare('attach ? as today').run(file);
      for (const table of ['fleets', 'tasks']) {
        const columns = handle.prepare<[string], string>('select name from pragma_table_info(?)').pluck().all(table);
        handle.exec(`insert into main.${table} (${columns}) select ${columns} from today.${table}`);
      }
      handle.exec(
        "insert into nodes (task_id, attempt, node_id, seq, kind, status, output, tail) values ('f-1/0', 1, 'build', 1, 'bash', 'failed', '', '')",
      );
      handle.exec("update tasks set cost_micro_usd = 100000 where id = 'f-1/0'");
      handle.close();
      const store = await openStore({ file: old, log: silentLog });
      expect(await store.read.tasks.get('f-1/0')).toMatchObject({ status: 'queued', journal: null, costUsd: 0.1 });
      const counted = { spentUsd: 0.1, toldUsd: 0, heldUsd: 0 };
      expect(await store.read.sessions.counted({ of: 'fleet', fleetId: 'f-1' })).toEqual(counted);
      expect((await store.read.sessions.spentOfFleet('f-1')).get('f-1/0')).toMatchObject({ knownUsd: 0.1, unknown: 0 });
      expect((await store.read.fleetPages.lines([1]))[0]).toMatchObject({ id: 'f-1', inputs: { version: '2.0' } });
      expect(await store.read.nodes.ofTask('f-1/0', 1)).toMatchObject([
        { status: 'failed', category: null, reason: '' },
      ]);
      await store.close();
    }));

  it('is as before when a migration fails', () =>
    inFolder(async (file) => {
      await makeDatabase(file);
      const migrations = [...MIGRATIONS, failing];
      await expect(openStore({ file, log: silentLog, migrations })).rejects.toThrow('the migration fails');
      const store = await openStore({ file, log: silentLog });
      expect((await store.read.fleets.get('f-1'))?.id).toBe('f-1');
      await store.close();
      const handle = new Database(file);
      expect(handle.prepare("select count(*) from sqlite_schema where name = 'half'").pluck().get()).toBe(0);
      handle.close();
    }));
});
