/** What is said of each pull request that somebody wanted closed. */
import { isUndoable, type KeptReason, type UndoneRemark, type UndoState } from '../undo.ts';
import type { TaskView, TrackingIssueFacts } from './views.ts';

export const KEPT_WORDS: Record<KeptReason, string> = {
  merged: 'It was merged: what is in the base is taken back by a revert there.',
  moved: 'Its branch has commits that Flotilla did not push.',
  shared: 'Another open pull request shows its branch.',
  taken: 'Another fleet pushed to its branch or has it as its own result; undo that one.',
  reopened: 'Somebody opened it again after the undo had closed it.',
  permission: 'The fleet may write there no longer.',
  gone: "It is gone, or out of the app's reach.",
  refused: 'GitHub refused it.',
  unreachable: 'GitHub did not answer; `/fleet undo` tries it again.',
};

export const REMARK_WORDS: Record<UndoneRemark, string> = {
  closed_before: 'somebody had closed it before; its branch is deleted.',
  branch_left: 'closed, but its branch is still there.',
};

/** For the table; undefined: the outcome stands. */
export function undoCell(asked: UndoState | undefined): string | undefined {
  switch (asked?.state) {
    case undefined:
    case 'kept':
      return undefined;
    case 'requested':
      return '↩️ being closed';
    case 'undone':
      return asked.remark === 'closed_before' ? '↩️ closed before the undo' : '↩️ closed by undo';
  }
}

/** Which of the fleet's pull requests somebody could still have closed. */
export function undoableTasks({ tasks, undos }: Pick<TrackingIssueFacts, 'tasks' | 'undos'>): readonly TaskView[] {
  const asked = new Map(undos.map((undo) => [undo.taskId, undo]));
  return tasks.filter((task) => isUndoable(task, asked.get(task.id)));
}
