import type { FleetRequest } from '../core/request.ts';
import type { FleetContext } from './context.ts';
import { requireSender } from './permission.ts';

/** Nothing to look up, but strangers get no text. Throws Refusal. */
export async function help(context: FleetContext, request: FleetRequest): Promise<void> {
  await requireSender(context.github.reads(request.installationId), request);
}
