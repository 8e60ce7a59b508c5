import { commandOfBox } from '../core/checkbox/box-command.ts';
import { type IssueChange, issueTextDigest, readIssueChange } from '../core/checkbox/issue-edit.ts';
import type { FleetRequest } from '../core/request.ts';
import { type Doors, MOST_UNFINISHED_OF_ONE } from './inbox.ts';
import { issueEditPayload, senderOf } from './payloads.ts';

/**
 * `issues.edited` of a tracking issue becomes a stored request, whoever did it and whatever it is: it is carried out or put
 * back. Of our own edits and of all other issues nothing is stored.
 * A failing store is thrown, so that GitHub sees the delivery failed and it can be asked for again.
 */
export async function acceptIssueEdit(doors: Doors, deliveryId: string, payload: unknown): Promise<void> {
  const parsed = issueEditPayload.safeParse(payload);
  if (!parsed.success) {
    doors.log.warn(
      { delivery: deliveryId, faults: parsed.error.issues },
      'cannot read this delivery of an edited issue',
    );
    return;
  }
  const { issue, changes, repository, installation, sender } = parsed.data;
  if (changes.body === undefined && changes.title === undefined) return;
  // Our own bot has written every tracking issue.
  if (sender.id === issue.user?.id) return;
  const fleet = await doors.store.read.fleets.byTrackingIssue(repository.id, issue.number);
  if (fleet === undefined || fleet.installationId !== installation.id) return;

  const after = issue.body ?? '';
  const before = changes.body?.from ?? after;
  const change: IssueChange = changes.title === undefined ? readIssueChange(before, after) : { kind: 'text' };
  await store(doors, deliveryId, {
    door: 'edit',
    installationId: installation.id,
    controlRepository: { id: repository.id, fullName: repository.full_name },
    sender: senderOf(sender),
    origin: null,
    command:
      change.kind === 'tick'
        ? { ok: true, command: commandOfBox(change.box.means, fleet.id) }
        : { ok: false, message: 'An edit of the issue is no command.', hint: 'Write the command as a comment.' },
    idempotencyKey: null,
    ...(issue.updated_at === undefined ? {} : { saidAt: issue.updated_at }),
    edit: { fleet: fleet.id, issueNumber: issue.number, change, before: issueTextDigest(before) },
  });
}

/** Where an earlier edit by the same person is still to be put back, another one that is no tick changes nothing. */
async function store(
  doors: Doors,
  deliveryId: string,
  request: FleetRequest & { edit: NonNullable<FleetRequest['edit']> },
): Promise<void> {
  const { sender, controlRepository, edit } = request;
  const at = { repositoryId: controlRepository.id, issueNumber: edit.issueNumber };
  const most = edit.change.kind === 'tick' ? MOST_UNFINISHED_OF_ONE : 1;
  const receivedAt = doors.clock.now();
  const result = await doors.store.write(async ({ deliveries }) => {
    if ((await deliveries.unfinishedEditsOf(sender.id, at)) >= most) return 'put back with an earlier one';
    return (await deliveries.insert({ id: deliveryId, request, receivedAt })) ? 'stored' : 'known already';
  });
  const fields = { delivery: deliveryId, fleet: edit.fleet, sender: sender.login, change: edit.change.kind };
  doors.log.info(fields, `an edit of a tracking issue: ${result}`);
}
