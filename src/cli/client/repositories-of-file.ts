import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import { readReposFile } from '../../core/repos-file.ts';
import { usageError } from './client-error.ts';

const MOST_FAULTS = 20;

/** @param file `-` is standard input @param owner of names without one @throws ClientError with every fault and its line */
export async function repositoriesOfFile(file: string, owner: string): Promise<string[]> {
  const text = await (file === '-' ? textOf(process.stdin) : readFile(file, 'utf8')).catch((error: unknown) => {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw usageError(`${file} cannot be read (${why}).`, 'Check the path of --repos-file.');
  });
  const read = readReposFile(text, file, owner);
  if (read.ok) return read.repositories;
  const lines = read.faults
    .slice(0, MOST_FAULTS)
    .map(({ line, message, hint }) => `${file}:${line}: ${message} ${hint}`);
  const more = read.faults.length - MOST_FAULTS;
  throw usageError(
    lines.join('\n'),
    more > 0 ? `There are ${more} more faults. Nothing was started.` : 'Nothing was started.',
  );
}
