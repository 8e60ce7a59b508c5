import Database from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { createWriteDoor } from '../../src/store/sqlite/write-door.ts';

/** A door to a table of words, and how often it has committed. */
function openDoor(longestMs?: number) {
  const handle = new Database(':memory:');
  onTestFinished(() => void handle.close());
  handle.exec(`create table places (id integer primary key);
    create table words (word text primary key, place integer references places deferrable initially deferred)`);
  const exec = handle.exec.bind(handle);
  const counted = { commits: 0 };
  handle.exec = (sql) => {
    if (sql === 'commit') counted.commits += 1;
    return exec(sql);
  };
  const insert = handle.prepare('insert into words (word, place) values (?, ?)');
  const add = (word: string, place: number | null = null) => insert.run(word, place);
  const words = () => handle.prepare('select word from words order by rowid').pluck().all();
  return { door: createWriteDoor(handle, longestMs), add, words, counted };
}

const soon = () => new Promise((resolve) => setImmediate(resolve));

it('writes what waits together by one commit, in its order, and tells each its own', async () => {
  const { door, add, words, counted } = openDoor(60_000);
  const told = await Promise.all(
    ['a', 'b', 'c'].map((word) => door.run(async () => (word === 'b' ? word : `${word}${add(word).changes}`))),
  );
  expect(told).toEqual([
    { value: 'a1', changed: true },
    { value: 'b', changed: false },
    { value: 'c1', changed: true },
  ]);
  expect(words()).toEqual(['a', 'c']);
  expect(counted.commits).toBe(1);
});

it('takes back what failed, and nothing of those that waited with it', async () => {
  const { door, add, words } = openDoor();
  const told = await Promise.allSettled(
    ['a', 'b', 'c'].map((word) =>
      door.run(async () => {
        add(word);
        if (word === 'b') throw new Error('no b');
      }),
    ),
  );
  expect(told.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(words()).toEqual(['a', 'c']);
});

it('takes back what awaited something foreign, and lets it write nothing afterwards', async () => {
  const { door, add, words } = openDoor();
  let late: unknown;
  const foreign = door.run(async () => {
    add('a');
    await soon();
    await soon();
    try {
      door.assertInside();
    } catch (error) {
      late = error;
    }
  });
  const other = door.run(async () => void add('b'));
  await expect(foreign).rejects.toThrow('awaited inside write()');
  await other;
  await soon();
  await soon();
  expect(words()).toEqual(['b']);
  expect(String(late)).toContain('outside its write()');
});

it('tells nobody that a write is there whose commit failed', async () => {
  const { door, add, words } = openDoor();
  const told = await Promise.allSettled([door.run(async () => void add('a')), door.run(async () => void add('b', 7))]);
  expect(told.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(words()).toEqual([]);
  await door.run(async () => void add('c'));
  expect(words()).toEqual(['c']);
});

it('lets the event loop turn while many wait', async () => {
  const { door, add, words, counted } = openDoor();
  let ended = 0;
  const all = Promise.all(
    Array.from({ length: 40 }, (_, at) =>
      door
        .run(async () => {
          add(String(at));
          const until = performance.now() + 1;
          while (performance.now() < until);
        })
        .then(() => {
          ended += 1;
        }),
    ),
  );
  await soon();
  await soon();
  const endedAtTurn = ended;
  await all;
  expect(endedAtTurn).toBeLessThan(40);
  expect(words()).toHaveLength(40);
  expect(counted.commits).toBeGreaterThan(1);
});

it('is idle once the last is over', async () => {
  const { door, add, words } = openDoor();
  void door.run(async () => void add('a')).then(() => door.run(async () => void add('b')));
  await door.idle();
  await door.idle();
  expect(words()).toContain('a');
});
