import { TaskFailure } from '../core/failures.ts';
import { addedSecrets } from '../core/secrets.ts';
import type { ChangedFile, Snapshot } from '../ports/workspace.ts';
import type { OpenRun } from './context.ts';

/** Throws TaskFailure `secret`, naming place and kind and never the value, for a change that would publish one. */
export async function guardSecrets(run: OpenRun, snapshot: Snapshot): Promise<void> {
  for (const change of snapshot.changes) {
    if (change.status === 'deleted') continue;
    const after = await text(run, change.sha);
    // What was there before is read only to tell whether a secret is new.
    if (addedSecrets('', after).length === 0) continue;
    const [found] = addedSecrets(await text(run, change.oldSha), after);
    if (found === undefined) continue;
    throw new TaskFailure(
      'secret',
      `${JSON.stringify(change.path)}, line ${found.line}, holds what looks like ${found.kind}.`,
    );
  }
}

async function text({ context, workspace }: OpenRun, sha: ChangedFile['sha']): Promise<string> {
  if (/^0+$/.test(sha)) return '';
  return Buffer.from(await context.workspaces.blob(workspace, sha)).toString('latin1');
}
