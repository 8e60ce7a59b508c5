import type { Repository } from '../core/plan.ts';
import type { ListedWorkflow } from '../core/render/replies.ts';
import type { FleetRequest } from '../core/request.ts';
import { parseWorkflow } from '../core/workflow/parse-workflow.ts';
import type { GitHubReads } from '../ports/github-reads.ts';
import { requireWrite } from './authorize.ts';
import type { FleetContext } from './context.ts';
import { controlRepository } from './control-repository.ts';
import { lookUp, workflowNames } from './find-workflow.ts';

const READ_AT_MOST = 50;

/** The workflows that a command in this repository can name. Throws Refusal. */
export async function list(context: FleetContext, request: FleetRequest): Promise<ListedWorkflow[]> {
  const reads = context.github.reads(request.installationId);
  const control = await controlRepository(reads, request);
  await requireWrite(reads, control, request.sender);
  const names = await workflowNames(context, reads, control);
  return Promise.all(names.slice(0, READ_AT_MOST).map((name) => describe(context, reads, control, name)));
}

/** A file that cannot be read is listed all the same: the command that names it tells its faults. */
async function describe(
  context: FleetContext,
  reads: GitHubReads,
  control: Repository,
  name: string,
): Promise<ListedWorkflow> {
  const source = await lookUp(context, reads, control, name);
  const parsed = source && parseWorkflow(source.text, source.origin);
  if (!parsed?.ok) return { name, origin: source?.origin ?? '', description: 'is not a valid workflow', inputs: [] };
  const inputs = Object.entries(parsed.workflow.inputs).map(([input, { required }]) => ({ name: input, required }));
  return { name, origin: source?.origin ?? '', description: parsed.workflow.description, inputs };
}
