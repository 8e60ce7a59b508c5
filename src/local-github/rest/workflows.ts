import { permissionsOf } from '../access/permissions.ts';
import type { Actor } from '../actor.ts';

/** Files under `.github/workflows` need a permission of their own; a person's push right is enough. */
export function mayChangeWorkflows(actor: Actor): boolean {
  return actor.kind !== 'installation' || permissionsOf(actor).workflows === 'write';
}
