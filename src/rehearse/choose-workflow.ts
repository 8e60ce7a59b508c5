import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { isMap, parseDocument } from 'yaml';
import { RehearseError } from './options.ts';

/** The file that the control repository will hold; text null: the name is looked up where the product looks. */
export interface ChosenWorkflow {
  name: string;
  text: string | null;
  /** Said to the person. */
  notice: string | null;
}

/**
 * @param workflow a name, or the path of a file.
 * @param bundledText of that name, if it is a bundled workflow.
 * @param tagged whether topics are known; without, `services:` is replaced by every repository found.
 * @param control name of the generated control repository, which is none of those.
 */
export async function chooseWorkflow(
  workflow: string,
  bundledText: string | undefined,
  tagged: boolean,
  control: string,
): Promise<ChosenWorkflow> {
  const isPath = /[/\\]|\.ya?ml$/.test(workflow);
  if (!isPath && bundledText === undefined) return { name: workflow, text: null, notice: null };
  const text = isPath ? await readWorkflow(workflow) : (bundledText ?? '');
  const name = isPath ? nameOf(workflow, text) : workflow;
  if (tagged) return { name, text: isPath ? text : null, notice: null };
  return {
    name,
    text: withAllServices(text, control),
    notice:
      'No topics are known here, so `services:` of the workflow is replaced by all repositories found (--tag gives topics).',
  };
}

async function readWorkflow(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new RehearseError(`The workflow ${path} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** The name that the file gives itself, else the file's own. */
function nameOf(path: string, text: string): string {
  const named: unknown = parseDocument(text).get('name');
  return typeof named === 'string' ? named : basename(path).replace(/\.ya?ml$/, '');
}

/** Faults of the file stay where they are: they are reported by the product, as they would be on GitHub. */
function withAllServices(text: string, control: string): string {
  const document = parseDocument(text);
  if (document.errors.length > 0 || !isMap(document.contents)) return text;
  const services = document.get('services');
  if (services === 'any') return text;
  document.set('services', [{ match: '*', not: { names: [control] } }]);
  return document.toString();
}
