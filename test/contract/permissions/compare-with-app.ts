import type { z } from 'zod';
import type { keptPermissions } from '../kept/cut-permissions.ts';

export type Level = 'read' | 'write' | 'admin';
export interface Need {
  permission: string;
  access: Level;
}

/** What is used, and the permissions of which one is enough; none for what needs an App JWT or nothing. */
export interface Use {
  what: string;
  oneOf: readonly Need[];
}

const RANKS: Record<Level, number> = { read: 1, write: 2, admin: 3 };

/** Git over HTTPS asks for these. Source: https://docs.github.com/rest/authentication/permissions-required-for-github-apps */
export const gitUses: readonly Use[] = [
  { what: 'git fetch', oneOf: [{ permission: 'contents', access: 'read' }] },
  { what: 'git push', oneOf: [{ permission: 'contents', access: 'write' }] },
];

/**
 * What operations need. Where GitHub's data names several permissions, one is enough; but `workflows` is only needed as
 * well, for files in .github/workflows, which Flotilla does not touch.
 */
export function usesOf(
  operations: readonly string[],
  { operations: known }: Pick<z.infer<typeof keptPermissions>, 'operations'>,
): Use[] {
  return operations.map((what) => ({
    what,
    oneOf: (known[what] ?? [])
      .filter(({ permission }) => permission !== 'workflows')
      .map(({ permission, access }) => ({ permission, access })),
  }));
}

export interface Comparison {
  /** Used, and not allowed by what the app asks for. */
  missing: readonly Use[];
  /** Asked for, and everything used would be allowed without it, or with less of it. */
  superfluous: readonly Need[];
}

/** @param granted permission → level, as in `default_permissions` of app.yml */
export function compareWithApp(granted: Readonly<Record<string, Level>>, uses: readonly Use[]): Comparison {
  const missing = uses.filter((use) => !isAllowed(use, granted));
  const superfluous = asNeeds(granted).filter(({ permission, access }) => {
    const less = { ...granted };
    delete less[permission];
    if (access !== 'read') less[permission] = access === 'admin' ? 'write' : 'read';
    return uses.every((use) => isAllowed(use, less) || missing.includes(use));
  });
  return { missing, superfluous };
}

/** The uses that only this permission allows, of those that the app asks for. */
export function forcedBy(granted: Readonly<Record<string, Level>>, permission: string, uses: readonly Use[]): Use[] {
  const { [permission]: _, ...others } = granted;
  return uses.filter((use) => isAllowed(use, granted) && !isAllowed(use, others));
}

function isAllowed({ oneOf }: Use, granted: Readonly<Record<string, Level>>): boolean {
  if (oneOf.length === 0) return true;
  return oneOf.some(({ permission, access }) => {
    const level = granted[permission];
    return level !== undefined && RANKS[level] >= RANKS[access];
  });
}

export const asNeeds = (granted: Readonly<Record<string, Level>>): Need[] =>
  Object.entries(granted).map(([permission, access]) => ({ permission, access }));
