import type { Repository } from '../core/plan.ts';
import type { ListedWorkflow } from '../core/render/replies.ts';
import type { FleetRequest } from '../core/request.ts';
import { parseWorkflow } from '../core/workflow/parse-workflow.ts';
import { UnreadableFile } from '../ports/github-reads.ts';
import type { FleetContext } from './context.ts';
import { controlRepository } from './control-repository.ts';
import { isHidden } from './file-faults.ts';
import { type FoundWorkflow, lookUp, workflowNames } from './find-workflow.ts';
import { requireSender } from './permission.ts';
import { type ReadText, readsAtHead } from './reads-at-head.ts';

const READ_AT_MOST = 50;

/** The workflows that a command in this repository can name. Throws Refusal. */
export async function list(context: FleetContext, request: FleetRequest): Promise<ListedWorkflow[]> {
  const reads = context.github.reads(request.installationId);
  await requireSender(reads, request);
  const control = await controlRepository(reads, request);
  const names = (await workflowNames(context, reads, control)).slice(0, READ_AT_MOST);
  const read = readsAtHead(reads);
  const found = await Promise.all(names.map((name) => lookUpReadable(context, read, control, name)));
  const elsewhere = new Set(found.flatMap((one) => repositoryOf(one) ?? []));
  const hidden = new Set<string>();
  for (const repository of elsewhere) if (await isHidden(reads, control, repository)) hidden.add(repository);
  return names.map((name, index) => describe(name, found[index], hidden));
}

async function lookUpReadable(
  context: FleetContext,
  read: ReadText,
  control: Repository,
  name: string,
): Promise<FoundWorkflow | UnreadableFile | undefined> {
  try {
    return await lookUp(context, read, control, name);
  } catch (error) {
    if (error instanceof UnreadableFile) return error;
    throw error;
  }
}

/** A file that cannot be read is listed all the same: the command that names it tells its faults. */
function describe(
  name: string,
  found: FoundWorkflow | UnreadableFile | undefined,
  hidden: ReadonlySet<string>,
): ListedWorkflow {
  const invalid = { name, description: 'is not a valid workflow', inputs: [] };
  if (found === undefined) return { ...invalid, origin: '' };
  if (found instanceof UnreadableFile) return { ...invalid, origin: found.where };
  const { origin, text } = found;
  const parsed = parseWorkflow(text, origin, null);
  if (!parsed.ok) return { ...invalid, origin };
  const inputs = Object.entries(parsed.workflow.inputs).map(([input, { required }]) => ({ name: input, required }));
  const repository = repositoryOf(found);
  const told = repository === null || !hidden.has(repository);
  return { name, origin, description: told ? parsed.workflow.description : '', inputs };
}

const repositoryOf = (found: FoundWorkflow | UnreadableFile | undefined): string | null =>
  found === undefined || found instanceof UnreadableFile ? null : found.repository;
