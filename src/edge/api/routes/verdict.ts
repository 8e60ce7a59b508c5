import { decisionFields } from '../../../core/command/decision-words.ts';
import { approveOrReject, type Verdict } from '../../../fleet/approve-or-reject.ts';
import { carryOut } from '../carry-out.ts';
import { readable } from '../readable.ts';
import { apiRoute } from '../route.ts';
import { decidedSchema, verdictSchema } from '../schemas/verbs.ts';
import { VERB_REFUSALS } from './verb-refusals.ts';

/** What `/fleet approve` and `/fleet reject` do. */
const verdictRoute = (verb: 'approve' | 'reject', summary: string) =>
  apiRoute({
    method: 'POST',
    path: `/fleets/{fleet_id}/${verb}`,
    operationId: `${verb}Fleet`,
    summary,
    body: verdictSchema,
    bodyOptional: true,
    idempotent: true,
    refuses: [...VERB_REFUSALS, 'undecidable', 'invalid_settings', 'budget_used_up'],
    answers: { 200: { description: 'It is decided', schema: decidedSchema } },
    handle: (call) =>
      carryOut(
        call,
        `${verb}Fleet`,
        (fleet) => {
          const { on, ...words } = call.body;
          return { verb, fleet, ...(on === undefined ? {} : { on }), ...readable(() => decisionFields(verb, words)) };
        },
        async (context, request, command, receivedAt) =>
          decidedJson(await approveOrReject(context, request, command, receivedAt)),
      ),
  });

export const approveRoute = verdictRoute('approve', 'Run a plan, let a held fleet go on, or answer open approvals');
export const rejectRoute = verdictRoute(
  'reject',
  'Drop a plan or what is left of a held fleet, or answer open approvals',
);

function decidedJson(verdict: Verdict): object {
  const none = { wave: null, decision: null, decided: [] };
  switch (verdict.on) {
    case 'plan':
      return { ...none, on: 'plan' };
    case 'gate':
      return { ...none, on: 'gate', wave: verdict.opened?.wave ?? null };
    case 'nodes': {
      const decided = verdict.decided.map(({ repository, nodeId }) => ({ repository, node: nodeId }));
      return { ...none, on: 'nodes', decision: verdict.decision, decided };
    }
  }
}
