import { createHash } from 'node:crypto';
import { nearest } from '../core/nearest.ts';
import type { Repository } from '../core/plan.ts';
import { Refusal } from '../core/refusals.ts';
import { parseWorkflow } from '../core/workflow/parse-workflow.ts';
import type { Workflow, WorkflowSource } from '../core/workflow/types.ts';
import { type GitHubReads, UnreadableFile } from '../ports/github-reads.ts';
import type { FleetContext } from './context.ts';
import { isHidden, tellFaults } from './file-faults.ts';

const FOLDER = '.github/fleet';

/** A workflow's file and the repository (owner/name) that has it; null: it is bundled. */
export interface FoundSource {
  source: WorkflowSource;
  repository: string | null;
}

/** Looks a name up in the control repository, the organization's `.github` repository and the bundled ones. Throws Refusal. */
export async function findWorkflow(
  context: FleetContext,
  reads: GitHubReads,
  control: Repository,
  name: string,
): Promise<{ source: WorkflowSource; workflow: Workflow }> {
  const found = await lookUp(context, reads, control, name).catch((error: unknown) => {
    throw error instanceof UnreadableFile ? invalid(`\`${error.where}\` ${error.problem}.`) : error;
  });
  if (found === undefined) throw await unknownWorkflow(context, reads, control, name);
  const { source } = found;
  const repository = found.repository ?? control.fullName;
  const parsed = parseWorkflow(source.text, source.origin);
  if (!parsed.ok) {
    throw invalid(await tellFaults(reads, control, { repository, text: source.text }, parsed.faults));
  }
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
  context: FleetContext,
  reads: GitHubReads,
  control: Repository,
  name: string,
): Promise<FoundSource | undefined> {
  for (const repository of [control.fullName, `${control.ownerLogin}/.github`]) {
    const path = `${FOLDER}/${name}.yml`;
    const text = await reads.file(repository, path);
    if (text !== undefined) return { source: frozen(name, `${repository}:${path}`, text), repository };
  }
  const bundled = await context.bundled.text(name);
  return bundled === undefined ? undefined : { source: frozen(name, `bundled:${name}.yml`, bundled), repository: null };
}

function frozen(name: string, origin: string, text: string): WorkflowSource {
  return { name, origin, text, digest: createHash('sha256').update(text).digest('hex') };
}

/** The name of every workflow that a command in this repository can give, in order. */
export async function workflowNames(context: FleetContext, reads: GitHubReads, control: Repository): Promise<string[]> {
  const names = new Set(await context.bundled.names());
  for (const repository of [control.fullName, `${control.ownerLogin}/.github`]) {
    for (const entry of await reads.directory(repository, FOLDER)) {
      if (entry.endsWith('.yml')) names.add(entry.slice(0, -'.yml'.length));
    }
  }
  return [...names].sort((a, b) => a.localeCompare(b));
}

async function unknownWorkflow(
  context: FleetContext,
  reads: GitHubReads,
  control: Repository,
  name: string,
): Promise<Refusal> {
  const guess = nearest(name, await workflowNames(context, reads, control));
  return new Refusal(
    'unknown_workflow',
    `There is no \`${name}\` in \`${control.fullName}:${FOLDER}/\`, in \`${control.ownerLogin}/.github:${FOLDER}/\` or among the bundled workflows.`,
    guess === undefined
      ? '`/fleet list` shows what there is.'
      : `Did you mean \`${guess}\`? \`/fleet list\` shows what there is.`,
  );
}
