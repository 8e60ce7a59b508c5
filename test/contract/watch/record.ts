import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** What the processes of one test run leave for each other: a folder that the run makes and removes. */
export function writeCounts(folder: string, id: string, value: Counts): void {
  writeFileSync(join(folder, `${id}.counts.json`), JSON.stringify(value));
}

export function readCounts(folder: string): Counts {
  return namesIn(folder, '.counts.json')
    .map((name) => counts.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))))
    .reduce(addCounts, NOTHING);
}

/** At once, because the process may be killed. @param owner the test process that has to fail */
export function appendViolation(folder: string, owner: string, violation: string): void {
  appendFileSync(join(folder, `${owner}.violations`), `${JSON.stringify(violation)}\n`);
}

/** Reads and removes what child processes of the owner found. */
export function takeViolations(folder: string, owner: string): string[] {
  return namesIn(folder, `${owner}.violations`).flatMap((name) => {
    const lines = readFileSync(join(folder, name), 'utf8').trim().split('\n');
    rmSync(join(folder, name));
    return lines.map((line) => z.string().parse(JSON.parse(line)));
  });
}

const namesIn = (folder: string, end: string): string[] => readdirSync(folder).filter((name) => name.endsWith(end));
