import { repositoriesField } from '../../../core/command/read-places.ts';
import type { FleetRequest } from '../../../core/request.ts';
import type { FleetContext } from '../../../fleet/context.ts';
import { publish } from '../../../fleet/publish.ts';
import { retry } from '../../../fleet/retry.ts';
import { undo } from '../../../fleet/undo.ts';
import { carryOut } from '../carry-out.ts';
import { readable } from '../readable.ts';
import { apiRoute } from '../route.ts';
import { meantSchema, meantTasksSchema } from '../schemas/verbs.ts';
import { VERB_REFUSALS } from './verb-refusals.ts';

interface Verb {
  name: 'retry' | 'publish' | 'undo';
  summary: string;
  /** Of its answer. */
  description: string;
  act(
    context: FleetContext,
    request: FleetRequest,
    command: { fleet: string | null; repositories?: string },
    receivedAt: number,
  ): Promise<{ repositories: readonly string[] }>;
}

/** A verb that means all of a fleet's repositories, or those that a glob names. */
const meantRoute = ({ name, summary, description, act }: Verb) =>
  apiRoute({
    method: 'POST',
    path: `/fleets/{fleet_id}/${name}`,
    operationId: `${name}Fleet`,
    summary,
    body: meantSchema,
    bodyOptional: true,
    idempotent: true,
    refuses: VERB_REFUSALS,
    answers: { 200: { description, schema: meantTasksSchema } },
    handle: (call) =>
      carryOut(
        call,
        `${name}Fleet`,
        (fleet) => ({ verb: name, fleet, ...readable(() => repositoriesField(call.body.repositories)) }),
        async (context, request, command, receivedAt) => {
          const { repositories } = await act(context, request, command, receivedAt);
          return { repositories };
        },
      ),
  });

export const retryRoute = meantRoute({
  name: 'retry',
  summary: 'Queue what failed, timed out or was cancelled for a new attempt',
  description: 'It is queued',
  act: retry,
});

export const publishRoute = meantRoute({
  name: 'publish',
  summary: 'Push what a preview has prepared, and open its pull requests',
  description: 'It is queued to be pushed',
  act: publish,
});

export const undoRoute = meantRoute({
  name: 'undo',
  summary: 'Close the pull requests of an ended fleet and delete their branches',
  description: 'It is asked for; the events tell what became of it',
  act: undo,
});
