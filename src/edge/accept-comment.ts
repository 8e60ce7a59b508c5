import { findCommandLine } from '../core/command/find-command.ts';
import { parseCommand } from '../core/command/parse-command.ts';
import { type Doors, storeRequest } from './inbox.ts';
import { commentPayload, senderOf } from './payloads.ts';

/**
 * `issue_comment.created` with a command becomes a stored request; everything else is nothing.
 * Bots are ignored, our own replies first of all, and so is what another App writes in a person's name: that person asked
 * the App for something, not us.
 */
export async function acceptComment(doors: Doors, deliveryId: string, payload: unknown): Promise<void> {
  const parsed = commentPayload.safeParse(payload);
  if (!parsed.success) {
    doors.log.warn({ delivery: deliveryId, faults: parsed.error.issues }, 'cannot read this comment delivery');
    return;
  }
  const { comment, issue, repository, installation, sender } = parsed.data;
  if (sender.type === 'Bot' || comment.user?.type === 'Bot') return;
  if ((comment.performed_via_github_app ?? null) !== null) return;
  const line = findCommandLine(comment.body);
  if (line === undefined) return;
  await storeRequest(doors, deliveryId, {
    door: 'comment',
    installationId: installation.id,
    controlRepository: { id: repository.id, fullName: repository.full_name },
    sender: senderOf(sender),
    origin: { issueNumber: issue.number, commentId: comment.id },
    command: parseCommand(line),
    idempotencyKey: null,
    ...(comment.created_at === undefined ? {} : { saidAt: comment.created_at }),
  });
}
