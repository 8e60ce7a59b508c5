import type { DiskReads, DiskWrites } from './contract/disk.ts';
import { appendEvents } from './events.ts';
import type { Db } from './schema.ts';

export function diskReads(db: Db): DiskReads {
  return {
    async fullSince() {
      const row = await db.selectFrom('disk').select('full_since').executeTakeFirst();
      return row?.full_since ?? null;
    },
  };
}

export function diskWrites(db: Db): DiskWrites {
  return {
    async setFull(full, now) {
      if (((await diskReads(db).fullSince()) !== null) === full) return;
      await db.deleteFrom('disk').execute();
      if (full) await db.insertInto('disk').values({ full_since: now }).execute();
      for (const id of await fleetsWithQueued(db)) {
        await appendEvents(db, id, now, [{ type: full ? 'disk_full' : 'disk_freed', v: 1 }]);
      }
    },
  };
}

async function fleetsWithQueued(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('fleets')
    .select('id')
    .where('ended_at', 'is', null)
    .where('approved_at', 'is not', null)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('tasks')
          .select('tasks.id')
          .whereRef('tasks.fleet_id', '=', 'fleets.id')
          .where('tasks.status', '=', 'queued'),
      ),
    )
    .orderBy('seq')
    .execute();
  return rows.map(({ id }) => id);
}
