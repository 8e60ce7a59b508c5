import { z } from 'zod';

const access = z.enum(['read', 'write', 'admin']);

/** The fields that count of `server-to-server-permissions.json`: API name of a permission → operations that name it. */
const permissionData = z.record(
  z.string(),
  z.object({
    permissions: z.array(
      z.object({
        verb: z.string(),
        requestPath: z.string(),
        access,
        'server-to-server': z.boolean(),
        'additional-permissions': z.boolean(),
      }),
    ),
  }),
);

const namedPermission = z.strictObject({
  /** As in `default_permissions` of app.yml and in the API's permission objects. */
  permission: z.string(),
  access,
  /** Others may serve instead, or be needed as well: the data does not say which. */
  additional: z.boolean(),
});

/** github-permissions.json. */
export const keptPermissions = z.strictObject({
  source: z.string(),
  /** Of github/docs. */
  commit: z.string().regex(/^[0-9a-f]{40}$/),
  /** Operation, in GitHub's template → permissions; sorted. Operations that need none are left out. */
  operations: z.record(z.string(), z.array(namedPermission).min(1)),
});

type NamedPermission = z.infer<typeof namedPermission>;

/**
 * What an installation token needs for some operations, sorted. Those that the data does not name, because they need an
 * App JWT or nothing, are left out.
 * @param data GitHub's permission data, parsed from JSON
 * @param operations such as `GET /repos/{owner}/{repo}`; names inside of braces may differ from GitHub's
 * @throws ZodError when it is no such data
 */
export function cutPermissions(data: unknown, operations: readonly string[]): Record<string, NamedPermission[]> {
  const wanted = new Set(operations.map(shapeOf));
  const found = new Map<string, NamedPermission[]>();
  for (const [permission, group] of Object.entries(permissionData.parse(data))) {
    for (const entry of group.permissions) {
      const operation = `${entry.verb.toUpperCase()} ${entry.requestPath}`;
      if (!entry['server-to-server'] || !wanted.has(shapeOf(operation))) continue;
      const named = { permission, access: entry.access, additional: entry['additional-permissions'] };
      const known = found.get(operation) ?? [];
      // GitHub repeats an entry once for every set of permissions that grants the operation.
      if (!known.some((one) => isSame(one, named))) found.set(operation, [...known, named]);
    }
  }
  return Object.fromEntries(
    [...found]
      .toSorted(([one], [other]) => compare(one, other))
      .map(([operation, named]) => [
        operation,
        named.toSorted((one, other) => compare(one.permission, other.permission) || compare(one.access, other.access)),
      ]),
  );
}

const shapeOf = (operation: string): string => operation.replace(/\{\w+\}/g, '{}');

const isSame = (one: NamedPermission, other: NamedPermission): boolean =>
  one.permission === other.permission && one.access === other.access && one.additional === other.additional;

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
