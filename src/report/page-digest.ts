import { createHash } from 'node:crypto';
import { readMarker } from '../core/render/marker.ts';
import type { EffectRequest } from '../store/contract/effects.ts';

/** SHA-256 of what the request makes a reader see; the same for a creation and an edit with the same text. */
export function pageDigest(request: EffectRequest): string {
  return digest(visible(request));
}

/** The same of a comment with this text. */
export function textDigest(body: string): string {
  return digest([body]);
}

function digest(shown: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(shown)).digest('hex');
}

function visible(request: EffectRequest): (string | null)[] {
  switch (request.kind) {
    case 'issue':
      return [request.title, request.body, null];
    case 'issue_edit':
      return [request.title ?? null, withoutMarker(request.body ?? ''), request.stateReason ?? null];
    case 'comment':
      return [request.body];
    case 'comment_edit':
      return [withoutMarker(request.body)];
    case 'comment_deletion':
    case 'reaction':
    case 'pull_request':
    case 'pull_request_edit':
    case 'labels':
    case 'assignees':
    case 'reviewers':
      throw new Error(`a ${request.kind} is no page of a tracking issue`);
  }
}

function withoutMarker(body: string): string {
  return readMarker(body) === undefined ? body : body.slice(body.indexOf('\n') + 1);
}
