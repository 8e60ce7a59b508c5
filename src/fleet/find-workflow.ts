import { createHash } from 'node:crypto';
import { nearest } from '../core/nearest.ts';
import type { Repository } from '../core/plan.ts';
import { Refusal } from '../core/refusals.ts';
import { renderFaults } from '../core/render/faults.ts';
import { parseWorkflow } from '../core/workflow/parse-workflow.ts';
import type { Workflow, WorkflowSource } from '../core/workflow/types.ts';
import type { GitHubReads } from '../ports/github-reads.ts';
import type { FleetContext } from './context.ts';

const FOLDER = '.github/fleet';

/** Looks a name up in the control repository, the organization's `.github` repository and the bundled ones. */
export async function findWorkflow(
  context: FleetContext,
  reads: GitHubReads,
  control: Repository,
  name: string,
): Promise<{ source: WorkflowSource; workflow: Workflow }> {
  const source = await lookUp(context, reads, control, name);
  if (source === undefined) throw await unknownWorkflow(context, reads, control, name);
  const parsed = parseWorkflow(source.text, source.origin);
  if (parsed.ok) return { source, workflow: sameName(parsed.workflow, source) };
  throw new Refusal(
    'invalid_workflow',
    renderFaults(parsed.faults, source.text),
    'Correct it on the default branch, then give the command again.',
  );
}

/** Branches and titles carry the workflow's own name, commands the file's; two of them would confuse everybody. */
function sameName(workflow: Workflow, source: WorkflowSource): Workflow {
  if (workflow.name === source.name) return workflow;
  throw new Refusal(
    'invalid_workflow',
    `\`${source.origin}\` calls itself \`${workflow.name}\`.`,
    `Give it \`name: ${source.name}\`, or rename the file to \`${workflow.name}.yml\`.`,
  );
}

/** The file of that name in the first place that has it; undefined when there is none. */
export async function lookUp(
  context: FleetContext,
  reads: GitHubReads,
  control: Repository,
  name: string,
): Promise<WorkflowSource | undefined> {
  for (const repository of [control.fullName, `${control.ownerLogin}/.github`]) {
    const path = `${FOLDER}/${name}.yml`;
    const text = await reads.file(repository, path);
    if (text !== undefined) return frozen(name, `${repository}:${path}`, text);
  }
  const bundled = await context.bundled.text(name);
  return bundled === undefined ? undefined : frozen(name, `bundled:${name}.yml`, bundled);
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
