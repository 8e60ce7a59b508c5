import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { isMap, isNode, isScalar, isSeq, parseDocument } from 'yaml';
import { RehearseError } from './options.ts';

/** The file that the control repository will hold; text null: the name is looked up where the product looks. */
export interface ChosenWorkflow {
  name: string;
  text: string | null;
  /** Said to the person. */
  notice: string | null;
}

const NAME = /^[a-z0-9][a-z0-9._-]{0,99}$/;

/**
 * @param workflow a name, or the path of a file.
 * @param bundledText of that name, if it is a bundled workflow.
 * @param tagged whether topics are known; without, `services:` is replaced by every repository found.
 * @param words of the command: where they say the targets of `services: any`, it stays.
 * @param control name of the generated control repository, which is none of those.
 */
export async function chooseWorkflow(
  workflow: string,
  bundledText: string | undefined,
  tagged: boolean,
  control: string,
  words: readonly string[] = [],
): Promise<ChosenWorkflow> {
  const isPath = /[/\\]|\.ya?ml$/.test(workflow);
  if (!isPath && bundledText === undefined) return { name: workflow, text: null, notice: null };
  const text = isPath ? await readWorkflow(workflow) : (bundledText ?? '');
  const name = isPath ? nameOf(workflow, text) : workflow;
  const targeted = words.some((word) => /^--(tag|match|repo)\b/.test(word));
  if (tagged) return { name, text: isPath ? text : null, notice: null };
  const replaced = withAllServices(text, control, targeted);
  return {
    name,
    text: replaced,
    notice:
      replaced === text
        ? null
        : 'No topics are known here, so `services:` of the workflow is replaced by all repositories found (--tag gives topics).',
  };
}

async function readWorkflow(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new RehearseError(`The workflow ${path} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** The name that the file gives itself, else the file's own. What no command can call becomes no path either. */
function nameOf(path: string, text: string): string {
  const named: unknown = parseDocument(text).get('name');
  if (typeof named === 'string' && NAME.test(named)) return named;
  const own = basename(path).replace(/\.ya?ml$/, '');
  if (NAME.test(own)) return own;
  throw new RehearseError(
    `Neither the name in ${path} nor the file's own can be a workflow's: small letters, digits, ".", "_" and "-".`,
  );
}

/** Faults of the file stay where they are: they are reported by the product, as they would be on GitHub. */
function withAllServices(text: string, control: string, targeted: boolean): string {
  const document = parseDocument(text);
  if (document.errors.length > 0 || !isMap(document.contents) || (targeted && document.get('services') === 'any'))
    return text;
  const written = replaceInPlace(text, document.contents.items, `[{ match: "*", not: { names: [${control}] } }]`);
  const read = parseDocument(written);
  if (read.errors.length === 0 && isSeq(read.get('services'))) return written;
  document.set('services', [{ match: '*', not: { names: [control] } }]);
  return document.toString();
}

/** Keeps every other line at its number, so that the product's messages point into the person's own file. */
function replaceInPlace(text: string, pairs: readonly { key: unknown; value: unknown }[], services: string): string {
  const pair = pairs.find(({ key }) => isScalar(key) && key.value === 'services');
  if (pair === undefined) return `${text}${text.endsWith('\n') ? '' : '\n'}services: ${services}\n`;
  const from = isNode(pair.key) ? pair.key.range?.[1] : undefined;
  const to = isNode(pair.value) ? pair.value.range?.[1] : undefined;
  if (from === undefined || to === undefined) return text;
  const lines = text.slice(from, to).split('\n').length - 1;
  return `${text.slice(0, from)}: ${services}${'\n'.repeat(lines)}${text.slice(to)}`;
}
