import { newEffectId } from '../core/ids.ts';
import { Refusal } from '../core/refusals.ts';
import { refusalReply } from '../core/render/replies.ts';
import type { FleetRequest } from '../core/request.ts';
import type { FleetContext } from '../fleet/context.ts';
import { GitHubError } from '../ports/github-reads.ts';
import type { DeliveryRow } from '../store/contract/deliveries.ts';
import type { EffectRequest, NewEffect } from '../store/contract/effects.ts';
import type { Lease } from '../store/contract/lease.ts';
import { type Answer, answerCommand } from './answer-command.ts';

/**
 * The engine's handler for a stored delivery: carries the command out and intends the answer. This is the one place
 * where an error of a request becomes a reply.
 */
export async function answerDelivery(context: FleetContext, delivery: DeliveryRow & Lease): Promise<void> {
  const { request } = delivery;
  const answer = await answerCommand(context, request, delivery.id).catch((error: unknown) =>
    refused(context, delivery, error),
  );
  const now = context.clock.now();
  await context.store.write(async (tx) => {
    for (const effect of effectsOf(request, delivery.id, answer)) {
      await tx.effects.intend({ ...effect, id: newEffectId(context.random), intendedAt: now });
    }
    await tx.deliveries.finish(delivery, answer.summary, now);
  });
}

function refused(context: FleetContext, delivery: DeliveryRow & Lease, error: unknown): Answer {
  const refusal = asRefusal(error);
  const fields = { delivery: delivery.id, code: refusal.code, sender: delivery.request.sender.login };
  if (refusal.code === 'internal') context.log.error({ ...fields, err: error }, 'a request met an internal error');
  else context.log.info({ ...fields, detail: refusal.detail }, 'a request was refused');
  const text = refusal.silent ? null : refusalReply(refusal);
  return { summary: `refused: ${refusal.code}`, reaction: 'confused', text };
}

function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof GitHubError) {
    return new Refusal(
      'github_unavailable',
      `GitHub answered ${error.status === 0 ? 'nothing' : error.status} while the command was being worked on.`,
      'Nothing was started. Give the command again in a few minutes.',
      { cause: error },
    );
  }
  return new Refusal(
    'internal',
    'Nothing was started.',
    "Please report it with the time of this comment; the server's log says more.",
    {
      cause: error,
    },
  );
}

/** A dispatch has no comment to answer on: what it was refused for becomes an issue, so that its author finds it. */
function effectsOf(request: FleetRequest, deliveryId: string, answer: Answer): Omit<NewEffect, 'id' | 'intendedAt'>[] {
  const { installationId, origin, controlRepository } = request;
  const repository = controlRepository.fullName;
  const requests: [string, EffectRequest][] = [];
  if (origin === null) {
    if (answer.reaction === 'confused' && answer.text !== null) {
      const title = `[fleet] A dispatch by ${request.sender.login} was refused`;
      requests.push([`issue:${deliveryId}`, { kind: 'issue', repository, title, body: answer.text }]);
    }
  } else {
    if (answer.reaction !== null) {
      const { reaction } = answer;
      requests.push([
        `reaction:${deliveryId}:${reaction}`,
        { kind: 'reaction', repository, commentId: origin.commentId, reaction },
      ]);
    }
    if (answer.text !== null) {
      const number = origin.issueNumber;
      requests.push([`reply:${deliveryId}`, { kind: 'comment', repository, number, body: answer.text }]);
    }
  }
  return requests.map(([key, effect]) => ({ key, installationId, fleetId: null, taskId: null, request: effect }));
}
