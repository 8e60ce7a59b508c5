import { EVENTS } from './payloads.ts';

/** Of each event that has a door: with which actions it can ask for something. The action of a dispatch is its `event_type`. */
export const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  issue_comment: ['created'],
  issues: ['edited'],
  repository_dispatch: ['fleet'],
};

/** Whether a webhook that was missed could have asked for something; `action` null: GitHub's list does not tell. */
export function hasDoor(event: string, action: string | null): boolean {
  return EVENTS.includes(event) && (action === null || (ACTIONS[event] ?? []).includes(action));
}
