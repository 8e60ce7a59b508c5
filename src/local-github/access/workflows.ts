import type { Actor } from '../actor.ts';
import { permissionsOf } from './permissions.ts';

/** Files under `.github/workflows` need a permission of the app's own; of a person acting alone the push right is enough. */
export function mayChangeWorkflows(actor: Actor): boolean {
  switch (actor.kind) {
    case 'installation':
      return permissionsOf(actor).workflows === 'write';
    case 'user':
      return actor.app === null || actor.app.permissions.workflows === 'write';
    case 'anonymous':
    case 'app':
    case 'client':
      return true;
  }
}
