import { newEffectId } from '../core/ids.ts';
import { Refusal } from '../core/refusals.ts';
import { refusalReply, refusedDispatchNote } from '../core/render/replies.ts';
import { asRefusal } from '../fleet/as-refusal.ts';
import type { FleetContext } from '../fleet/context.ts';
import { meantFleet } from '../fleet/find-fleet.ts';
import type { DeliveryRow } from '../store/contract/deliveries.ts';
import type { EffectRequest, NewEffect } from '../store/contract/effects.ts';
import type { Lease } from '../store/contract/lease.ts';
import { type Answer, answerCommand } from './answer-command.ts';
import { answerEdit, replyToEdit } from './answer-edit.ts';
import type { Strangers } from './strangers.ts';

type Delivery = DeliveryRow & Lease;
type Intent = Omit<NewEffect, 'id' | 'intendedAt'>;

/** Somebody waits for the answer: a limit that lasts longer is told instead of waited for. */
export const WAIT_AT_MOST_MS = 30 * 60_000;
/** For a limit whose end is not known, or past by our clock. */
const WAIT_MS = 60_000;

/**
 * The engine's handler for a stored delivery: carries the command out and intends the answer. This is the one place
 * where an error of a request becomes a reply. What met a limit of GitHub's is put off until the limit ends.
 */
export async function answerDelivery(
  context: FleetContext,
  strangers: Pick<Strangers, 'remember' | 'isKnown'>,
  delivery: Delivery,
): Promise<void> {
  const { edit } = delivery.request;
  const answering = edit === undefined ? answerCommand(context, delivery) : answerEdit(context, delivery, edit);
  const answer = await answering.catch((error: unknown) => asRefusal(error));
  const now = context.clock.now();
  if (answer instanceof Refusal && answer.retryAt !== null) {
    const notBefore = answer.retryAt > now ? answer.retryAt : now + WAIT_MS;
    if (notBefore <= delivery.receivedAt + WAIT_AT_MOST_MS) return postpone(context, delivery, answer, notBefore);
  }
  const told = answer instanceof Refusal ? refused(context, delivery, answer) : answer;
  if (answer instanceof Refusal && answer.stranger) {
    const { sender, controlRepository } = delivery.request;
    // Of somebody who goes on with what is never dropped; a reaction costs of the budget that all share.
    if (strangers.isKnown(sender.id, controlRepository.id)) told.reaction = null;
    strangers.remember(sender.id, controlRepository.id);
  }
  const fleetId = answer instanceof Refusal ? await meantFleet(context, delivery.request) : answer.fleet;
  await context.store.write(async (tx) => {
    for (const effect of effectsOf(delivery, answer, { ...told, fleet: fleetId }, now)) {
      await tx.effects.intend({ ...effect, id: newEffectId(context.random), intendedAt: now });
    }
    if (edit !== undefined) await tx.fleets.noteEdit(edit.fleet, delivery.request.sender, now);
    await tx.deliveries.finish(delivery, told.summary, now);
  });
}

async function postpone(context: FleetContext, delivery: Delivery, refusal: Refusal, notBefore: number): Promise<void> {
  context.log.info({ delivery: delivery.id, detail: refusal.detail, notBefore }, "a request waits for GitHub's limit");
  await context.store.write((tx) => tx.deliveries.postpone(delivery, notBefore));
}

function refused(context: FleetContext, delivery: Delivery, refusal: Refusal): Answer {
  const fields = { delivery: delivery.id, code: refusal.code, sender: delivery.request.sender.login };
  if (refusal.code === 'internal')
    context.log.error({ ...fields, err: refusal.cause }, 'a request met an internal error');
  else context.log.info({ ...fields, detail: refusal.detail }, 'a request was refused');
  const text = refusal.silent ? null : refusalReply(refusal);
  return { summary: `refused: ${refusal.code}`, reaction: 'confused', text, fleet: null };
}

function effectsOf(delivery: Delivery, answer: Answer | Refusal, told: Answer, now: number): Intent[] {
  const { id, request } = delivery;
  const { installationId, origin, controlRepository } = request;
  const repository = controlRepository.fullName;
  const requests: [string, EffectRequest][] = [];
  if (request.edit !== undefined) {
    if (told.text !== null) requests.push(replyToEdit(delivery, request.edit, answer, told.text));
  } else if (origin === null) {
    if (answer instanceof Refusal && told.text !== null)
      requests.push(refusedDispatch(delivery, answer, told.text, now));
  } else {
    if (told.reaction !== null) {
      const { reaction } = told;
      requests.push([
        `reaction:${id}:${reaction}`,
        { kind: 'reaction', repository, commentId: origin.commentId, reaction },
      ]);
    }
    if (told.text !== null) {
      requests.push([`reply:${id}`, { kind: 'comment', repository, number: origin.issueNumber, body: told.text }]);
    }
  }
  return requests.map(([key, effect]) => ({ key, installationId, fleetId: told.fleet, taskId: null, request: effect }));
}

/**
 * A dispatch has no comment to answer on: what it was refused for becomes an issue, so that its author finds it. One a
 * day for each sender and reason, because CI tries again and again.
 */
function refusedDispatch(
  { request }: Delivery,
  { code }: Refusal,
  text: string,
  now: number,
): [key: string, effect: EffectRequest] {
  const { controlRepository, sender } = request;
  const day = new Date(now).toISOString().slice(0, 10);
  return [
    `dispatch-refused:${controlRepository.id}:${sender.id}:${code}:${day}`,
    {
      kind: 'issue',
      repository: controlRepository.fullName,
      title: `[fleet] A dispatch by ${sender.login} was refused`,
      body: text + refusedDispatchNote(sender.login),
    },
  ];
}
