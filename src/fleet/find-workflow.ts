import { VERBS } from '../core/command/words.ts';
import { nearest } from '../core/nearest.ts';
import type { Repository } from '../core/plan.ts';
import { Refusal } from '../core/refusals.ts';
import { parseWorkflow } from '../core/workflow/parse-workflow.ts';
import { sourceTexts } from '../core/workflow/source-texts.ts';
import type { Workflow, WorkflowSource } from '../core/workflow/types.ts';
import { type GitHubReads, UnreadableFile } from '../ports/github-reads.ts';
import type { FleetContext } from './context.ts';
import { isHidden, tellFaults } from './file-faults.ts';
import { type FoundText, loadSource } from './load-source.ts';
import { type ReadText, readsAtHead } from './reads-at-head.ts';

const FOLDER = '.github/fleet';

/** A workflow's file and the repository (owner/name) that has it; null: it is bundled. */
export interface FoundWorkflow extends FoundText {
  repository: string | null;
}

/** Looks a name up in the control repository, the organization's `.github` repository and the bundled ones. Throws Refusal. */
export async function findWorkflow(
  context: Pick<FleetContext, 'bundled'>,
  reads: GitHubReads,
  control: Repository,
  name: string,
): Promise<{ source: WorkflowSource; workflow: Workflow }> {
  const unreadable = (error: unknown): never => {
    throw error instanceof UnreadableFile ? invalid(`\`${error.where}\` ${error.problem}.`) : error;
  };
  const read = readsAtHead(reads);
  const find = (wanted: string) => lookUp(context, read, control, wanted);
  const found = await find(name).catch(unreadable);
  if (found === undefined) throw await unknownWorkflow(context, reads, control, name);
  const source = await loadSource(found, find).catch(unreadable);
  const repository = found.repository ?? control.fullName;
  const parsed = parseWorkflow(source.text, source.origin, source);
  if (!parsed.ok) throw invalid(await tellFaults(reads, control, sourceTexts(source), parsed.faults));
  if (parsed.workflow.name === source.name) return { source, workflow: parsed.workflow };
  throw misnamed(parsed.workflow.name, source, await isHidden(reads, control, repository));
}

function invalid(detail: string): Refusal {
  return new Refusal('invalid_workflow', detail, 'Correct it on the default branch, then give the command again.');
}

/** Branches and titles carry the workflow's own name, commands the file's; two of them would confuse everybody. */
function misnamed(own: string, { name, origin }: WorkflowSource, hidden: boolean): Refusal {
  return new Refusal(
    'invalid_workflow',
    `\`${origin}\` calls itself ${hidden ? 'by another name' : `\`${own}\``}.`,
    `Give it \`name: ${name}\`, or rename the file${hidden ? '' : ` to \`${own}.yml\``}.`,
  );
}

/** The file of that name in the first place that has it; undefined when there is none. Throws UnreadableFile. */
export async function lookUp(
  context: Pick<FleetContext, 'bundled'>,
  read: ReadText,
  control: Repository,
  name: string,
): Promise<FoundWorkflow | undefined> {
  for (const repository of [control.fullName, `${control.ownerLogin}/.github`]) {
    const path = `${FOLDER}/${name}.yml`;
    const text = await read(repository, path);
    const file = (beside: string) => read(repository, `${FOLDER}/${beside}`);
    if (text !== undefined) return { name, origin: `${repository}:${path}`, text, repository, file };
  }
  const text = await context.bundled.text(name);
  if (text === undefined) return undefined;
  const file = (beside: string) => context.bundled.file(beside);
  return { name, origin: `bundled:${name}.yml`, text, repository: null, file };
}

/** The name of every workflow that a command in this repository can give, in order. */
export async function workflowNames(
  context: Pick<FleetContext, 'bundled'>,
  reads: GitHubReads,
  control: Repository,
): Promise<string[]> {
  const names = new Set(await context.bundled.names());
  for (const repository of [control.fullName, `${control.ownerLogin}/.github`]) {
    for (const entry of await reads.directory(repository, FOLDER)) {
      if (entry.endsWith('.yml')) names.add(entry.slice(0, -'.yml'.length));
    }
  }
  return [...names].sort((a, b) => a.localeCompare(b));
}

async function unknownWorkflow(
  context: Pick<FleetContext, 'bundled'>,
  reads: GitHubReads,
  control: Repository,
  name: string,
): Promise<Refusal> {
  const guess = nearest(name, [...VERBS, ...(await workflowNames(context, reads, control))]);
  return new Refusal(
    'unknown_workflow',
    `There is no \`${name}\` in \`${control.fullName}:${FOLDER}/\`, in \`${control.ownerLogin}/.github:${FOLDER}/\` or among the bundled workflows.`,
    guess === undefined
      ? '`/fleet list` shows what there is.'
      : `Did you mean \`${guess}\`? \`/fleet list\` shows what there is.`,
  );
}
