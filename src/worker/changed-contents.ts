import type { Snapshot } from '../ports/workspace.ts';
import type { OpenRun } from './context.ts';

/** What the changed files of these shas hold: as the snapshot has it, the others in one read. */
export async function changedContents(
  { context, workspace }: OpenRun,
  { contents }: Pick<Snapshot, 'contents'>,
  shas: readonly string[],
): Promise<(sha: string) => Uint8Array> {
  const missing = shas.filter((sha) => !contents.has(sha));
  const read = missing.length === 0 ? contents : await context.workspaces.blobs(workspace, missing);
  return (sha) => {
    const content = contents.get(sha) ?? read.get(sha);
    if (content === undefined) throw new Error(`Nobody read ${sha}.`);
    return content;
  };
}
