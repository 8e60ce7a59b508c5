import { randomUUID } from 'node:crypto';
import { inputWords, listWords } from '../../../core/command/json-words.ts';
import { NO_FLAGS } from '../../../core/command/parse-arguments.ts';
import { workflowName } from '../../../core/command/words.ts';
import { Refusal } from '../../../core/refusals.ts';
import { type Submit, submit } from '../../../fleet/submit.ts';
import type { Caller } from '../../../ports/callers.ts';
import type { ApiContext } from '../context.ts';
import { currentFleet } from '../current-fleet.ts';
import { fleetRequest } from '../fleet-request.ts';
import { readable } from '../readable.ts';
import { apiRoute } from '../route.ts';
import { submittedSchema } from '../schemas/fleet.ts';
import { type Submission, submissionSchema } from '../schemas/submission.ts';

/** `POST /v1/fleets`: what `/fleet <workflow> key=value …` on an issue of the control repository does. */
export const submitRoute = apiRoute({
  method: 'POST',
  path: '/fleets',
  operationId: 'submitFleet',
  summary: 'Start a fleet, or make its plan',
  body: submissionSchema,
  idempotent: true,
  refuses: [
    'invalid_command',
    'unknown_workflow',
    'invalid_workflow',
    'invalid_inputs',
    'invalid_settings',
    'not_permitted',
    'control_repository_refused',
    'too_visible',
    'nothing_selected',
    'wrong_state',
    'budget_used_up',
  ],
  answers: {
    201: { description: 'It was started, or planned', schema: submittedSchema },
    200: { description: 'The same command has a fleet that has not ended', schema: submittedSchema },
  },
  handle: (call) => {
    const { context, caller, body } = call;
    return context.idempotency.once(call, 'submitFleet', randomUUID, async (id) => {
      const command = commandOf(body);
      const at = await place(context, caller, body.control_repository);
      const request = fleetRequest(caller, at, command);
      const { kind, fleet } = await submit(context.fleet, request, command, id).catch((error: unknown) => {
        throw unseen(error, body.control_repository);
      });
      const created = kind === 'started';
      if (!created && !(await context.readers.may(caller, fleet))) throw underWay(fleet.id);
      return {
        status: created ? 201 : 200,
        body: { created, fleet: await currentFleet(context, fleet) },
        headers: { location: `/v1/fleets/${fleet.id}` },
      };
    });
  },
});

/** A job learns nothing more of what a person asked for. */
const underWay = (id: string): Refusal =>
  new Refusal(
    'wrong_state',
    `The same workflow with the same inputs is under way as fleet \`${id}\`, which no job of yours asked for.`,
    'Wait for its end.',
  );

const EXAMPLE = 'For example `"inputs": {"version": "2.0"}`.';

/** Throws Refusal('invalid_command'). */
function commandOf(body: Submission): Submit {
  const { services = {}, repositories = [], inputs } = body;
  return readable(() => ({
    verb: 'submit',
    workflow: workflowName(body.workflow),
    inputs: inputWords(inputs, EXAMPLE),
    flags: {
      ...NO_FLAGS,
      tag: listWords('services.tag', services.tag ?? []),
      match: listWords('services.match', services.match ?? []),
      exclude: listWords('services.exclude', services.exclude ?? []),
      repo: listWords('repositories', repositories),
      parallel: body.concurrency ?? null,
      plan: body.plan_only ?? false,
      preview: body.preview ?? false,
      draft: body.draft ?? false,
      again: body.again ?? false,
    },
  }));
}

/** Where the app is installed alone. Throws Refusal. */
async function place({ fleet, github }: ApiContext, caller: Caller, fullName: string) {
  if (caller.kind === 'job' && caller.repository.fullName.toLowerCase() !== fullName.toLowerCase()) {
    throw new Refusal(
      'not_permitted',
      `A job of \`${caller.repository.fullName}\` can start fleets there alone.`,
      `Set \`control_repository\` to \`${caller.repository.fullName}\`.`,
    );
  }
  const installationId = await github.installationOf(fullName);
  if (installationId === undefined) throw unreachable(fullName);
  const control = await fleet.github.reads(installationId).repository(fullName);
  if (control === undefined || (caller.kind === 'job' && caller.repository.id !== control.id)) {
    throw unreachable(fullName);
  }
  return { installationId, controlRepository: { id: control.id, fullName: control.fullName } };
}

/** The same for a repository that is not there and for one where the caller may not write, which they may not even see. */
const unreachable = (fullName: string): Refusal =>
  new Refusal(
    'control_repository_refused',
    `\`${fullName}\` is not a repository where you can write and this app is installed.`,
    'Check its name, your permission on it, and that the app is installed on it.',
  );

const unseen = (error: unknown, fullName: string): unknown =>
  error instanceof Refusal && error.silent && error.code === 'not_permitted' ? unreachable(fullName) : error;
