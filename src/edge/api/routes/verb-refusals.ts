import type { ApiErrorCode } from '../api-error.ts';

/** What a verb about a fleet refuses with. */
export const VERB_REFUSALS = [
  'invalid_command',
  'unknown_fleet',
  'not_permitted',
  'control_repository_refused',
  'wrong_state',
] as const satisfies readonly ApiErrorCode[];
