import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import SQLite, { type Database } from 'better-sqlite3';
import { z } from 'zod';
import { makePrivateDatabase } from '../private-files.ts';
import { Collection } from './collection.ts';
import { Deliveries } from './deliveries.ts';
import {
  accountRecord,
  appRecord,
  commentRecord,
  installationRecord,
  issueRecord,
  labelRecord,
  reactionRecord,
  repositoryRecord,
  tokenRecord,
} from './records.ts';

/** First ids per kind; issues and comments start above 2³¹, as GitHub's do, so that a 32-bit id breaks early. */
const firstId = {
  account: 1001,
  app: 1,
  installation: 50_000_001,
  token: 1,
  repository: 700_000_001,
  issue: 3_000_000_001,
  pull: 2_500_000_001,
  comment: 3_200_000_001,
  reaction: 300_000_001,
  label: 8_000_000_001,
  delivery: 180_000_000_001,
  hook: 400_000_001,
} as const;

export const databaseName = 'github.db';

export type IdKind = keyof typeof firstId;

/** Everything that the local GitHub remembers besides git objects; one SQLite file in the data directory. */
export class State {
  readonly #database: Database;
  readonly #directory: string;
  readonly accounts;
  readonly apps;
  readonly installations;
  readonly tokens;
  readonly repositories;
  readonly issues;
  readonly comments;
  readonly reactions;
  readonly labels;
  readonly deliveries;

  /** @param directory the data directory, made when missing. */
  constructor(directory: string) {
    const repositories = join(directory, 'repositories');
    mkdirSync(repositories, { recursive: true, mode: 0o700 });
    chmodSync(repositories, 0o700);
    this.#directory = directory;
    makePrivateDatabase(directory, databaseName);
    this.#database = new SQLite(join(directory, databaseName));
    this.#database.pragma('journal_mode = WAL');
    this.#database.pragma('synchronous = OFF');
    this.#database.exec('create table if not exists counters (kind text primary key, next integer not null) strict');
    this.accounts = new Collection(this.#database, 'accounts', accountRecord);
    this.apps = new Collection(this.#database, 'apps', appRecord);
    this.installations = new Collection(this.#database, 'installations', installationRecord);
    this.tokens = new Collection(this.#database, 'tokens', tokenRecord);
    this.repositories = new Collection(this.#database, 'repositories', repositoryRecord);
    this.issues = new Collection(this.#database, 'issues', issueRecord);
    this.comments = new Collection(this.#database, 'comments', commentRecord);
    this.reactions = new Collection(this.#database, 'reactions', reactionRecord);
    this.labels = new Collection(this.#database, 'labels', labelRecord);
    this.deliveries = new Deliveries(this.#database);
  }

  /** Ids are never used twice, also not after a restart or a deletion. */
  nextId(kind: IdKind): number {
    const found = this.#database
      .prepare(
        'insert into counters (kind, next) values (?, ?) on conflict (kind) do update set next = next + 1 returning next',
      )
      .get(kind, firstId[kind]);
    return z.object({ next: z.number() }).parse(found).next;
  }

  /** One SQLite transaction; `work` is synchronous. Memory is not rolled back, so a throw inside is a defect. */
  transaction<R>(work: () => R): R {
    return this.#database.transaction(work)();
  }

  /** The bare repository: named by id, so that a rename keeps it. */
  gitDirectory(repositoryId: number): string {
    return join(this.#directory, 'repositories', `${repositoryId}.git`);
  }

  close(): void {
    this.#database.close();
  }
}
