import type { EffectRequest, EffectResult } from '../store/contract/effects.ts';
import type { EffectKind, LookAt, SendAt } from './effect-kind.ts';
import { assignees } from './kinds/assignees.ts';
import { comment } from './kinds/comment.ts';
import { commentDeletion } from './kinds/comment-deletion.ts';
import { commentEdit } from './kinds/comment-edit.ts';
import { issue } from './kinds/issue.ts';
import { issueEdit } from './kinds/issue-edit.ts';
import { labels } from './kinds/labels.ts';
import { pullRequest } from './kinds/pull-request.ts';
import { pullRequestEdit } from './kinds/pull-request-edit.ts';
import { reaction } from './kinds/reaction.ts';
import { reviewers } from './kinds/reviewers.ts';

/** A kind together with one request of it. */
export interface BoundKind {
  charge: boolean;
  send(at: SendAt): Promise<EffectResult>;
  look: ((at: LookAt) => Promise<EffectResult | undefined>) | null;
  mayExist(status: number, message: string): boolean;
}

export function boundKind(request: EffectRequest): BoundKind {
  switch (request.kind) {
    case 'issue':
      return bind(issue, request);
    case 'issue_edit':
      return bind(issueEdit, request);
    case 'comment':
      return bind(comment, request);
    case 'comment_edit':
      return bind(commentEdit, request);
    case 'comment_deletion':
      return bind(commentDeletion, request);
    case 'pull_request':
      return bind(pullRequest, request);
    case 'pull_request_edit':
      return bind(pullRequestEdit, request);
    case 'reaction':
      return bind(reaction, request);
    case 'labels':
      return bind(labels, request);
    case 'assignees':
      return bind(assignees, request);
    case 'reviewers':
      return bind(reviewers, request);
  }
}

function bind<R extends EffectRequest>(kind: EffectKind<R>, request: R): BoundKind {
  const { charge, look } = kind;
  return {
    charge,
    send: (at) => kind.send(request, at),
    look: look === null ? null : (at) => look(request, at),
    mayExist: (status, message) => kind.mayExist?.(status, message) ?? false,
  };
}
