import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';

const sha = z.string().regex(/^[0-9a-f]{40}$/);

const recordSchema = z.object({
  version: z.literal(1),
  installationId: z.number().int(),
  repositoryId: z.number().int(),
  repository: z.string(),
  fleetId: z.string(),
  taskId: z.string(),
  baseBranch: z.string(),
  baseSha: sha,
  baseTree: sha,
  branchHead: sha.nullable(),
});

/** Which task a workspace folder belongs to and what it was made from, so that it can be opened after a restart. */
export type WorkspaceRecord = z.infer<typeof recordSchema>;

/** Written last and as a whole: a folder with a record is a complete workspace. */
export async function writeRecord(file: string, record: Omit<WorkspaceRecord, 'version'>): Promise<void> {
  const kept: WorkspaceRecord = { version: 1, ...record };
  await writeFile(`${file}.new`, `${JSON.stringify(kept)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** undefined: there is no record, or none that this version understands. */
export async function readRecord(file: string): Promise<WorkspaceRecord | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return recordSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
