import { issueTextDigest } from '../core/checkbox/issue-edit.ts';
import { withMarker } from '../core/render/marker.ts';
import type { EffectReads, EffectRow } from '../store/contract/effects.ts';

/** The one that stands there, one that is under way, and one whose outcome is not known. */
const RECENT = 3;

/**
 * Whether this is what we wrote into the fleet's tracking issue lately. By the rows of our edits, which are committed before
 * anything is sent, so that even the webhook of an edit that is under way finds it.
 */
export async function isOurText(
  effects: Pick<EffectReads, 'issueTextsOfFleet'>,
  fleetId: string,
  { title, digest }: { title?: string; digest: string },
): Promise<boolean> {
  const written = await effects.issueTextsOfFleet(fleetId, RECENT);
  return written.some((row) => {
    const ours = textOf(row);
    return ours !== undefined && issueTextDigest(ours.body) === digest && (title ?? ours.title) === ours.title;
  });
}

/** undefined: it never stood there. */
function textOf({ id, state, request }: EffectRow): { title: string; body: string } | undefined {
  if (state === 'intended' || state === 'refused') return undefined;
  switch (request.kind) {
    case 'issue':
      return { title: request.title, body: withMarker(request.body, id) };
    case 'issue_edit':
      return request.body === undefined ? undefined : { title: request.title ?? '', body: request.body };
    default:
      return undefined;
  }
}
