/**
 * The first line of what we create on GitHub; by it a look finds what an unanswered request did.
 * Others can edit it, so it only locates: it counts together with our app's own user id.
 */
const MARKER = /^<!-- flotilla:1 effect=([a-z0-9-]+) -->$/;

/** The body with the marker line of that effect in front. */
export function withMarker(body: string, effectId: string): string {
  return `<!-- flotilla:1 effect=${effectId} -->\n${body}`;
}

/** The effect's id on the first line; further lines are other people's to write. */
export function readMarker(body: string): string | undefined {
  const end = body.indexOf('\n');
  return MARKER.exec((end === -1 ? body : body.slice(0, end)).trimEnd())?.[1];
}
