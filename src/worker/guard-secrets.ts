import { TaskFailure } from '../core/failures.ts';
import { heldSecrets, searchableText, withLines } from '../core/secrets.ts';
import type { FoundSecret, LeavingText } from '../ports/secrets.ts';
import type { Snapshot } from '../ports/workspace.ts';
import { changedContents } from './changed-contents.ts';
import type { OpenRun } from './context.ts';
import { operatorSecrets } from './operator-secrets.ts';

const SHOWN = 5;
/** More are not looked for one by one in what was there before: nothing but a list of secrets holds so many. */
const COMPARED = 500;
/** Stands for the text of all new names; no path of git holds a zero. */
const NAMES = '\0';

/**
 * Throws TaskFailure `secret`, naming places and kinds and never a value, for a change that would publish one, in a file
 * or in its name. What any of the changed files held before is not new, wherever it stands now.
 */
export async function guardSecrets(run: OpenRun, snapshot: Snapshot): Promise<void> {
  const kept = snapshot.changes.filter(({ status }) => status !== 'deleted');
  if (kept.length === 0) return;
  const added = kept.filter(({ status }) => status === 'added').map(({ path }) => path);
  const texts: LeavingText[] = [{ path: NAMES, content: Buffer.from(added.join('\n')) }];
  const contentOf = await changedContents(
    run,
    snapshot,
    kept.map(({ sha }) => sha),
  );
  for (const { path, sha } of kept) texts.push({ path, content: contentOf(sha) });
  const found = [...ofOperator(run, texts), ...(await run.context.secretScan.find(texts, { signal: run.signal }))];
  const places = new Map((await withoutKnown(run, snapshot, found)).map((one) => [`${one.path}\0${one.line}`, one]));
  if (places.size === 0) return;
  const shown = [...places.values()].slice(0, SHOWN).map(told);
  const more = places.size > SHOWN ? ` There are ${places.size - SHOWN} more.` : '';
  throw new TaskFailure('secret', `${shown.join(' ')}${more}`);
}

/** A name that holds a secret is not shown itself. */
function told({ path, line, kind }: FoundSecret): string {
  if (path === NAMES) return `The name of a new file holds what looks like ${kind}.`;
  return `${JSON.stringify(path)}, line ${line}, holds what looks like ${kind}.`;
}

function ofOperator({ context }: OpenRun, texts: readonly LeavingText[]): FoundSecret[] {
  const values = operatorSecrets(context.configuredAgents);
  if (values.length === 0) return [];
  return texts.flatMap(({ path, content }) => {
    const text = searchableText(content);
    return withLines(text, heldSecrets(text, values)).map(({ line, kind, value }) => ({ path, line, kind, value }));
  });
}

/** What was there before is read only to tell whether a secret is new. */
async function withoutKnown(
  run: OpenRun,
  { changes }: Snapshot,
  found: readonly FoundSecret[],
): Promise<FoundSecret[]> {
  if (found.length > COMPARED) return [...found];
  let unknown = [...found];
  for (const { oldSha } of changes) {
    if (unknown.length === 0) break;
    if (NO_SHA.test(oldSha)) continue;
    const [before] = [...(await run.context.workspaces.blobs(run.workspace, [oldSha])).values()].map(searchableText);
    unknown = unknown.filter(({ value }) => before?.includes(value) !== true);
  }
  return unknown;
}

/** Of the old side of a file that is new. */
const NO_SHA = /^0+$/;
