import type { FleetRequest } from '../core/request.ts';
import { requireWrite } from './authorize.ts';
import type { FleetContext } from './context.ts';
import { controlRepository } from './control-repository.ts';

/** Nothing to look up, but strangers get no text. Throws Refusal. */
export async function help(context: FleetContext, request: FleetRequest): Promise<void> {
  const reads = context.github.reads(request.installationId);
  await requireWrite(reads, await controlRepository(reads, request), request.sender);
}
