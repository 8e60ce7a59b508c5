import { Refusal } from '../core/refusals.ts';
import { namedBeside } from '../core/workflow/named-beside.ts';
import { sourceDigest } from '../core/workflow/source-digest.ts';
import type { WorkflowSource } from '../core/workflow/types.ts';

export const MAX_FILES = 100;
export const MAX_FILE_BYTES = 256 * 1024;
export const MAX_BYTES = 1024 * 1024;
export const MAX_INCLUDES_DEEP = 5;

/** A workflow's text and the folder in which it lies. */
export interface FoundText {
  name: string;
  origin: string;
  text: string;
  /** A file of that folder; undefined: there is none. */
  file(path: string): Promise<string | undefined>;
}

/**
 * The text with everything that it names beside it, so that a fleet runs what was there when it was asked for.
 * @param find a workflow by name, for `include`
 * @throws Refusal when it names too much
 */
export async function loadSource(
  found: FoundText,
  find: (name: string) => Promise<FoundText | undefined>,
): Promise<WorkflowSource> {
  return load(found, find, { around: [found.name], named: 0, bytes: 0 });
}

interface Progress {
  /** Names that lead here: none of them is included again. */
  around: readonly string[];
  /** Files and workflows, those that are not there included: looking for one costs as much. */
  named: number;
  bytes: number;
}

async function load(
  found: FoundText,
  find: (name: string) => Promise<FoundText | undefined>,
  progress: Progress,
): Promise<WorkflowSource> {
  const { name, origin, text } = found;
  const named = namedBeside(text);
  progress.named += named.files.length + named.includes.length;
  if (progress.named > MAX_FILES) throw tooLarge(`The workflow names more than ${MAX_FILES} files and workflows.`);
  const files: Record<string, string> = {};
  for (const path of named.files) {
    const content = await found.file(path);
    if (content === undefined) continue;
    count(progress, path, content);
    files[path] = content;
  }
  const includes: Record<string, WorkflowSource> = {};
  for (const included of named.includes) {
    if (progress.around.includes(included) || progress.around.length > MAX_INCLUDES_DEEP) continue;
    const inner = await find(included);
    if (inner === undefined) continue;
    count(progress, inner.origin, inner.text);
    const further = { ...progress, around: [...progress.around, included] };
    includes[included] = await load(inner, find, further);
    progress.named = further.named;
    progress.bytes = further.bytes;
  }
  return { name, origin, text, files, includes, digest: sourceDigest({ text, files, includes }) };
}

function count(progress: Progress, file: string, content: string): void {
  const bytes = Buffer.byteLength(content);
  progress.bytes += bytes;
  if (bytes > MAX_FILE_BYTES) throw tooLarge(`\`${file}\` has ${bytes} bytes; ${MAX_FILE_BYTES} are allowed.`);
  if (progress.bytes > MAX_BYTES)
    throw tooLarge(`The files that the workflow names have more than ${MAX_BYTES} bytes.`);
}

const tooLarge = (what: string): Refusal =>
  new Refusal('invalid_workflow', what, 'Let nodes read long files from the repository that they run in.');
