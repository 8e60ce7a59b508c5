import { nearest } from '../core/nearest.ts';
import { renderTerminalFault } from '../core/render/terminal-faults.ts';
import { parseWorkflow } from '../core/workflow/parse-workflow.ts';
import { sourceTexts } from '../core/workflow/source-texts.ts';
import type { Fault, Workflow, WorkflowSource } from '../core/workflow/types.ts';
import { loadSource } from '../fleet/load-source.ts';
import type { BundledWorkflows } from '../ports/bundled-workflows.ts';
import { chooseWorkflow } from '../rehearse/choose-workflow.ts';
import { RehearseError } from '../rehearse/options.ts';
import { loadLocalWorkflow, UnreadablePath } from './local-workflows.ts';

interface Chosen {
  /** As a command calls it. */
  name: string;
  source: WorkflowSource;
  workflow: Workflow;
  /** Said to the person; null: nothing. */
  notice: string | null;
}

/**
 * A workflow's file, or a bundled one by its name, as a rehearsal chooses it, with everything that it names beside it.
 * Throws RehearseError with every fault.
 * @param around as chooseWorkflow takes them
 */
export async function chosenWorkflow(
  given: string,
  bundled: BundledWorkflows,
  around: { tagged: boolean; control: string; words: readonly string[] },
): Promise<Chosen> {
  const isPath = /[/\\]|\.ya?ml$/.test(given);
  const source = isPath ? await sourceOfFile(given, bundled) : await sourceOfBundled(given, bundled);
  const bundledText = isPath ? undefined : source.text;
  const { name, text, notice } = await chooseWorkflow(given, bundledText, around.tagged, around.control, around.words);
  // The person's own text first, so that a fault is shown where they wrote it.
  const own = check(source);
  const workflow = text === null || text === source.text ? own : check({ ...source, text });
  return { name, source, workflow, notice };
}

async function sourceOfFile(path: string, bundled: BundledWorkflows): Promise<WorkflowSource> {
  try {
    return await loadLocalWorkflow(path, bundled);
  } catch (error) {
    throw error instanceof UnreadablePath ? new RehearseError(error.message) : error;
  }
}

async function sourceOfBundled(name: string, bundled: BundledWorkflows): Promise<WorkflowSource> {
  const find = async (wanted: string) => {
    const text = await bundled.text(wanted);
    const file = (path: string) => bundled.file(path);
    return text === undefined ? undefined : { name: wanted, origin: `bundled:${wanted}.yml`, text, file };
  };
  const found = await find(name);
  if (found !== undefined) return loadSource(found, find);
  const names = await bundled.names();
  const near = nearest(name, names);
  const hint = near === undefined ? `There are ${names.join(', ')}.` : `Did you mean ${near}?`;
  throw new RehearseError(
    `No bundled workflow is called ${JSON.stringify(name)}. ${hint} The path of a file ends in .yml.`,
  );
}

function check(source: WorkflowSource): Workflow {
  const parsed = parseWorkflow(source.text, source.origin, source);
  if (parsed.ok) return parsed.workflow;
  throw new RehearseError(faultText(parsed.faults, source));
}

function faultText(faults: readonly Fault[], source: WorkflowSource): string {
  const texts = sourceTexts(source);
  return faults.map((fault) => renderTerminalFault(fault, texts.get(fault.file) ?? '')).join('\n\n');
}
