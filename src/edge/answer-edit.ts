/** An edit of a tracking issue: the one tick that counts is carried out as a command, everything else is put back. */
import { Refusal } from '../core/refusals.ts';
import { editReply } from '../core/render/edit-reply.ts';
import type { IssueEdit } from '../core/request.ts';
import { acceptTick } from '../fleet/accept-tick.ts';
import type { FleetContext } from '../fleet/context.ts';
import type { DeliveryRow } from '../store/contract/deliveries.ts';
import type { EffectRequest } from '../store/contract/effects.ts';
import { type Answer, answerCommand } from './answer-command.ts';

/** Throws Refusal where nothing is done but putting the text back; a silent one where nobody needs to be told. */
export async function answerEdit(context: FleetContext, delivery: DeliveryRow, edit: IssueEdit): Promise<Answer> {
  const { request, receivedAt } = delivery;
  if (edit.change.kind !== 'tick' || request.sender.type === 'Bot') {
    throw new Refusal(
      'put_back',
      'One box at a time counts, and unticking a box takes nothing back. Whatever else was changed was put back.',
      'Tick one box, or write the command as a comment.',
      { silent: edit.change.kind === 'text' || request.sender.type === 'Bot' },
    );
  }
  await acceptTick(context, request, edit, edit.change.box, receivedAt);
  return answerCommand(context, delivery);
}

/**
 * The comment on the tracking issue, and the key that it is sent once for: a tick that is carried out gets one each,
 * what is put back one for each person and fleet, and a box out of date one more.
 */
export function replyToEdit(
  { id, request }: DeliveryRow,
  { fleet, issueNumber, change }: IssueEdit,
  answer: Answer | Refusal,
  text: string,
): [key: string, effect: EffectRequest] {
  const { sender, controlRepository } = request;
  const person = `put-back:${fleet}:${sender.id}`;
  const code = answer instanceof Refusal ? answer.code : undefined;
  const stale = code === 'stale_box' && change.kind === 'tick' ? `${person}:${change.box.token}` : undefined;
  const once = code === 'not_permitted' || code === 'put_back' ? person : undefined;
  const body = editReply(text, sender.login);
  return [
    stale ?? once ?? `reply:${id}`,
    { kind: 'comment', repository: controlRepository.fullName, number: issueNumber, body },
  ];
}
