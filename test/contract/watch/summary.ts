import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { unlistedFaults } from '../permissions/app-operations.ts';
import { leftFindings, readCounts } from './record.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the processes of this run write down what they compared. */
    contractFolder: string;
  }
}

/** Around the whole run: the folder for the counts, and their sum at the end. */
export function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-contract-'));
  project.provide('contractFolder', folder);
  return () => {
    const { requests, arrivals, answers, webhooks, documents, violations } = readCounts(folder);
    const late = leftFindings(folder).flatMap((found) =>
      'violation' in found ? [found.violation] : unlistedFaults([found.used]),
    );
    rmSync(folder, { recursive: true, force: true });
    const figures = [
      `${requests} requests of the app`,
      `${arrivals} requests taken by the local GitHub`,
      `${answers} of its answers`,
      `${webhooks} webhooks`,
      `${documents} GraphQL documents`,
    ];
    process.stdout.write(`\nCompared with GitHub's contract: ${figures.join(', ')}; ${violations} violations.\n`);
    if (late.length === 0) return;
    process.stdout.write(`A process violated the contract after its test had ended.\n${late.join('\n')}\n`);
    process.exitCode = 1;
  };
}
