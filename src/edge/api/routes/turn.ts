import { pauseOrResume } from '../../../fleet/pause-or-resume.ts';
import { carryOut } from '../carry-out.ts';
import { apiRoute } from '../route.ts';
import { turnedSchema } from '../schemas/verbs.ts';
import { VERB_REFUSALS } from './verb-refusals.ts';

/** What `/fleet pause` and `/fleet resume` do. */
const turnRoute = (verb: 'pause' | 'resume', summary: string, description: string) =>
  apiRoute({
    method: 'POST',
    path: `/fleets/{fleet_id}/${verb}`,
    operationId: `${verb}Fleet`,
    summary,
    idempotent: true,
    refuses: VERB_REFUSALS,
    answers: { 200: { description, schema: turnedSchema } },
    handle: (call) =>
      carryOut(
        call,
        `${verb}Fleet`,
        (fleet) => ({ verb, fleet }),
        async (context, request, command, receivedAt) => {
          await pauseOrResume(context, request, command, receivedAt);
          return {};
        },
      ),
  });

export const pauseRoute = turnRoute('pause', 'Let nothing of it begin or be pushed', 'It is paused');
export const resumeRoute = turnRoute('resume', 'Go on after a pause', 'It goes on');
