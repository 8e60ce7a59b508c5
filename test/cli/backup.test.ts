import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { lockDataDirectory } from '../../src/platform/data-lock.ts';
import { MIGRATIONS } from '../../src/store/migrations/migrations.ts';
import { openStore } from '../../src/store/sqlite/open.ts';
import { givenFolder, write } from '../rehearse/given-folder.ts';
import { insertFleet, silentLog } from '../store/fixtures.ts';
import { openProcessWorld } from '../story/process-world.ts';
import { services, workflowFiles } from '../story/workflows.ts';
import { fleetCommand } from './fleet-command.ts';

const NAMES = ['service-1', 'service-2', 'service-3'];
/** In the second repository it says that it is there, and waits until the gate is open. */
const GATED = `
name: gated
inputs: { folder: { required: true, pattern: '^/[\\w./-]+$' } }
services: [{ tag: app }]
branch: fleet/gated
nodes:
  - id: write
    timeout: 60s
    bash: |
      if [ "$SERVICE_NAME" = service-2 ]; then
        touch "$INPUTS_FOLDER/arrived"
        for wait in $(seq 1000); do [ -e "$INPUTS_FOLDER/gate" ] && break; sleep 0.05; done
      fi
      echo 2.0 > VERSION
`;

const made = z.object({
  file: z.string(),
  version: z.number(),
  bytes: z.number(),
  fleets: z.number(),
  unended_fleets: z.number(),
  last_event_at: z.string().nullable(),
});

/** Looks again until there is an answer; the test's own timeout is the bound. */
async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function run(...words: string[]): Promise<z.infer<typeof made>> {
  const { exitCode, stdout, stderr } = await fleetCommand(...words, '--json');
  expect([exitCode, stderr]).toEqual([0, '']);
  return made.parse(JSON.parse(stdout));
}

/** A server that is in the middle of a fleet, and a backup of just then. */
async function backedUp() {
  const world = await openProcessWorld({ files: workflowFiles({ gated: GATED }), repositories: services(...NAMES) });
  const server = await world.startApp();
  await world.comment(`/fleet gated folder=${world.folder}`);
  const read = await world.openReads();
  await eventually(async () => {
    if (!existsSync(join(world.folder, 'arrived'))) return undefined;
    const [fleet] = await read.fleets.all();
    return fleet !== undefined && fleet.reportedSeq >= fleet.eventSeq && world.openEffects() === 0 ? fleet : undefined;
  });
  const backup = await run('backup', join(world.folder, 'backups/'), '--data', world.dataDir);
  const restored = join(world.folder, 'restored');
  /** The machine is lost, and another one begins from the backup. */
  async function startElsewhere() {
    await server.kill();
    rmSync(world.dataDir, { recursive: true });
    expect(await run('restore', backup.file, '--data', restored)).toMatchObject({ fleets: 1, unended_fleets: 1 });
    await world.startApp(restored);
    writeFileSync(join(world.folder, 'gate'), '');
    const reads = await world.openReads(restored);
    const fleet = await eventually(async () => {
      const [found] = await reads.fleets.all();
      return found !== undefined && found.endedAt !== null && found.reportedSeq >= found.eventSeq ? found : undefined;
    });
    return reads.tasks.ofFleet(fleet.id);
  }
  return { world, read, backup, startElsewhere };
}

describe('a backup of a server in the middle of a fleet', () => {
  it('is private and whole, and on another machine the fleet goes on from it to its end, nothing doubled', async () => {
    const { world, backup, startElsewhere } = await backedUp();
    expect(backup).toMatchObject({ fleets: 1, unended_fleets: 1, version: MIGRATIONS.length });
    expect(backup.file).toMatch(/backups\/flotilla-\d{8}-\d{6}Z\.db$/);
    expect(statSync(backup.file).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(world.folder, 'backups')), 'nothing else').toHaveLength(1);

    const tasks = await startElsewhere();
    expect(tasks.map(({ outcome }) => outcome)).toEqual(['changed', 'changed', 'changed']);
    for (const name of NAMES) expect(await world.pulls(name), name).toHaveLength(1);
    expect(await world.trackingIssues()).toMatchObject([{ state: 'closed' }]);
    expect(await world.answers(1), 'replies to the command').toHaveLength(1);
  }, 120_000);

  it('does not know what was done after it: such a branch counts as foreign, and nothing is overwritten', async () => {
    const { world, read, startElsewhere } = await backedUp();
    writeFileSync(join(world.folder, 'gate'), '');
    await eventually(async () =>
      (await read.fleets.all()).every(({ endedAt }) => endedAt !== null) ? true : undefined,
    );

    const tasks = await startElsewhere();
    expect(tasks.map(({ status, category }) => category ?? status)).toEqual([
      'completed',
      'branch_diverged',
      'branch_diverged',
    ]);
    for (const name of NAMES) expect(await world.pulls(name), name).toHaveLength(1);
  }, 120_000);
});

/** A data directory with one fleet, whose server has stopped. */
async function givenData(): Promise<string> {
  const folder = givenFolder();
  const store = await openStore({ file: join(folder, 'flotilla.db'), log: silentLog });
  await insertFleet(store, 'f-abcd2345', 400);
  await store.close();
  return folder;
}

async function refused(sentence: RegExp, ...words: string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await fleetCommand(...words);
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(sentence);
  expect(stderr).not.toContain('    at ');
}

describe('fleet backup', () => {
  it('tells what it holds, what it does not, and how it is restored', async () => {
    const data = await givenData();
    const { exitCode, stdout } = await fleetCommand('backup', join(givenFolder(), 'one.db'), '--data', data);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/1 fleet, of which 1 has not ended/);
    expect(stdout).toMatch(/Not in it: logs, and workspaces and mirrors/);
    expect(stdout).toContain('fleet restore <this file> --data <a new folder>');
  });

  it('replaces a file with --force alone, and never anything in the data directory', async () => {
    const data = await givenData();
    const file = write(join(givenFolder(), 'kept.db'), 'precious');
    await refused(/kept\.db exists, and nothing is overwritten/, 'backup', file, '--data', data);
    expect(readFileSync(file, 'utf8')).toBe('precious');
    expect(await run('backup', file, '--force', '--data', data)).toMatchObject({ fleets: 1 });
    expect(statSync(file).mode & 0o777).toBe(0o600);

    const link = join(givenFolder(), 'link');
    symlinkSync(data, link);
    for (const place of [join(data, 'flotilla.db'), `${link}/flotilla.db`, `${data}/`]) {
      await refused(/is in the data directory/, 'backup', place, '--force', '--data', data);
    }
    await refused(/There is no flotilla\.db in .*--data/, 'backup', file, '--data', givenFolder());
  });

  it('keeps no copy of a damaged database', async () => {
    const data = await givenData();
    const file = join(data, 'flotilla.db');
    const bytes = readFileSync(file);
    bytes.fill(0x5a, 4096 * 3, 4096 * 12);
    writeFileSync(file, bytes);
    const to = givenFolder();
    await refused(/could not be copied|damaged|no database of Flotilla/, 'backup', `${to}/`, '--data', data);
    expect(readdirSync(to)).toEqual([]);
  });
});

describe('fleet restore', () => {
  async function backupFile(): Promise<string> {
    return (await run('backup', `${givenFolder()}/`, '--data', await givenData())).file;
  }

  it.each(['flotilla.db', 'flotilla.db-wal'])('overwrites no data directory: %s is left as it is', async (name) => {
    const data = givenFolder();
    write(join(data, name), 'precious');
    await refused(
      /exists, and nothing is overwritten\. Name a new folder/,
      'restore',
      await backupFile(),
      '--data',
      data,
    );
    expect(readFileSync(join(data, name), 'utf8')).toBe('precious');
    expect(readdirSync(data)).toEqual([name]);
  });

  it('touches no data directory that a process holds', async () => {
    const data = givenFolder();
    const lock = lockDataDirectory(data);
    try {
      await refused(/is in use by process/, 'restore', await backupFile(), '--data', data);
    } finally {
      lock.release();
    }
    expect(existsSync(join(data, 'flotilla.db'))).toBe(false);
  });

  it('of an older version is brought to this one at the first start, which keeps a copy of it', async () => {
    const file = join(givenFolder(), 'old.db');
    await openStore({ file, log: silentLog, migrations: MIGRATIONS.slice(0, 8) }).then((store) => store.close());
    const data = join(givenFolder(), 'new');
    expect(await run('restore', file, '--data', data)).toMatchObject({ version: 8 });
    await openStore({ file: join(data, 'flotilla.db'), log: silentLog }).then((store) => store.close());
    expect(readdirSync(data)).toContain('flotilla.db.before-9');
  });

  it('of a newer version, of another program and of no database is refused and leaves nothing', async () => {
    const newer = await backupFile();
    const handle = new Database(newer);
    handle.pragma('user_version = 999');
    handle.close();
    const foreign = join(givenFolder(), 'foreign.db');
    new Database(foreign).exec('create table songs (name)').close();
    const text = write(join(givenFolder(), 'notes.txt'), 'no database at all');
    const data = join(givenFolder(), 'data');
    mkdirSync(data);
    await refused(/is at version 999, this Flotilla knows versions up to/, 'restore', newer, '--data', data);
    await refused(/foreign\.db is no database of Flotilla/, 'restore', foreign, '--data', data);
    await refused(/notes\.txt could not be copied: file is not a database/, 'restore', text, '--data', data);
    await refused(/nowhere does not exist/, 'restore', '/nowhere', '--data', data);
    expect(readdirSync(data).filter((name) => !name.startsWith('lock.'))).toEqual([]);
  });
});
