import { issueTextDigest } from '../core/checkbox/issue-edit.ts';
import { withMarker } from '../core/render/marker.ts';
import type { EffectReads, EffectRow } from '../store/contract/effects.ts';

/** The one that stands there, one that is under way, and one whose outcome is not known. */
const RECENT = 3;

/** Whether we wrote this into the fleet's tracking issue lately. `digest`: see issueTextDigest. */
export async function isOurText(
  effects: Pick<EffectReads, 'issueTextsOfFleet'>,
  fleetId: string,
  digest: string,
): Promise<boolean> {
  const written = await effects.issueTextsOfFleet(fleetId, RECENT);
  return written.some((row) => {
    const ours = textOf(row);
    return ours !== undefined && issueTextDigest(ours) === digest;
  });
}

/** undefined: it never stood there. */
function textOf({ id, state, request }: EffectRow): string | undefined {
  if (state === 'intended' || state === 'refused') return undefined;
  if (request.kind === 'issue') return withMarker(request.body, id);
  return request.kind === 'issue_edit' ? request.body : undefined;
}
