import type { ApplicationFunction } from 'probot';
import { acceptComment } from './edge/accept-comment.ts';
import { acceptDispatch } from './edge/accept-dispatch.ts';
import { acceptIssueEdit } from './edge/accept-issue-edit.ts';
import { answerHealth } from './edge/health.ts';
import type { Doors } from './edge/inbox.ts';

/** The Probot app: which event goes to which door. The doors store and answer; the work is done elsewhere. */
export function createApp(doors: Doors): ApplicationFunction {
  return (app, { addHandler }) => {
    app.on('issue_comment.created', ({ id, payload }) => acceptComment(doors, id, payload));
    app.on('repository_dispatch', ({ id, payload }) => acceptDispatch(doors, id, payload));
    app.on('issues.edited', ({ id, payload }) => acceptIssueEdit(doors, id, payload));
    addHandler(answerHealth);
  };
}
