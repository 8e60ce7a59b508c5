import type { Weight } from './contract-change.ts';
import type { Finding } from './describe-changes.ts';

interface NamedPermission {
  permission: string;
  access: string;
  /** Others may serve instead, or be needed as well. */
  additional: boolean;
}

/** Operation → permissions; an operation that needs none is absent. */
export type OperationPermissions = Readonly<Record<string, readonly NamedPermission[]>>;

/**
 * What changed in the permissions of the operations. The data does not say whether several permissions are alternatives,
 * so any difference may lead to a refusal, but for an access that went down to read.
 */
export function comparePermissions(kept: OperationPermissions, newer: OperationPermissions): Finding[] {
  const names = [...new Set([...Object.keys(kept), ...Object.keys(newer)])].toSorted();
  return names.flatMap((name) => {
    const before = print(kept[name] ?? []);
    const now = print(newer[name] ?? []);
    if (before === now) return [];
    const weight: Weight = before.replaceAll(/:(write|admin)/g, ':read') === now ? 'widens' : 'breaks requests';
    return [{ weight, text: `${name} (permissions): ${before} → ${now}` }];
  });
}

function print(permissions: readonly NamedPermission[]): string {
  const printed = permissions.map(
    ({ permission, access, additional }) => `${permission}:${access}${additional ? ' and others' : ''}`,
  );
  return printed.length === 0 ? 'none, or not for an installation' : [...new Set(printed)].toSorted().join(', ');
}
