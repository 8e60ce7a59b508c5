import type { PermissionOption, RequestPermissionResponse } from '@agentclientprotocol/sdk';

/**
 * An unattended agent may do what it asks for, once each time: what it can reach is decided by the box around it.
 * Where only refusals are offered the request is cancelled.
 */
export function answerPermission(options: readonly PermissionOption[]): RequestPermissionResponse {
  const allowed =
    options.find((option) => option.kind === 'allow_once') ?? options.find((option) => option.kind === 'allow_always');
  if (allowed === undefined) return { outcome: { outcome: 'cancelled' } };
  return { outcome: { outcome: 'selected', optionId: allowed.optionId } };
}
