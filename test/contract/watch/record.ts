import { appendFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { addCounts, type Counts, NOTHING } from './ledger.ts';

const counts: z.ZodType<Counts> = z.strictObject({
  requests: z.number(),
  arrivals: z.number(),
  answers: z.number(),
  webhooks: z.number(),
  documents: z.number(),
  violations: z.number(),
});

/** What a process found, told to the test process that started it. */
const finding = z.union([z.strictObject({ violation: z.string() }), z.strictObject({ used: z.string() })]);
export type Finding = z.infer<typeof finding>;

/** What the processes of one test run leave for each other: a folder that the run makes and removes. */
export function writeCounts(folder: string, id: string, value: Counts): void {
  writeFileSync(join(folder, `${id}.counts.json`), JSON.stringify(value));
}

export function readCounts(folder: string): Counts {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.counts.json'))
    .map((name) => counts.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))))
    .reduce(addCounts, NOTHING);
}

/** At once, because the process may be killed. @param owner the test process that has to hear of it */
export function appendFinding(folder: string, owner: string, found: Finding): void {
  appendFileSync(join(folder, `${owner}.found`), `${JSON.stringify(found)}\n`);
}

/** Reads and removes what child processes of the owner found. */
export function takeFindings(folder: string, owner: string): Finding[] {
  const file = join(folder, `${owner}.found`);
  if (!existsSync(file)) return [];
  // Out of the way first: a child may be writing.
  const taken = `${file}.taken`;
  renameSync(file, taken);
  const lines = readFileSync(taken, 'utf8').trim().split('\n');
  rmSync(taken);
  return lines.map((line) => finding.parse(JSON.parse(line)));
}

/** What no test process took: it was found after its owner's last look. */
export function leftFindings(folder: string): Finding[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.found'))
    .flatMap((name) => takeFindings(folder, name.slice(0, -'.found'.length)));
}
