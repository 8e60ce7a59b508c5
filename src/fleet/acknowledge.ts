import { newEffectId } from '../core/ids.ts';
import type { FleetRequest } from '../core/request.ts';
import type { FleetContext } from './context.ts';

/** Intends the eyes on the command: it was seen, and its sender may give it. A dispatch has nothing to react to. */
export async function acknowledge(context: FleetContext, request: FleetRequest, deliveryId: string): Promise<void> {
  const { origin } = request;
  if (origin === null) return;
  await context.store.write((tx) =>
    tx.effects.intend({
      id: newEffectId(context.random),
      key: `reaction:${deliveryId}:eyes`,
      installationId: request.installationId,
      fleetId: null,
      taskId: null,
      request: {
        kind: 'reaction',
        repository: request.controlRepository.fullName,
        commentId: origin.commentId,
        reaction: 'eyes',
      },
      intendedAt: context.clock.now(),
    }),
  );
}
