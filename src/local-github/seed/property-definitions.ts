import type { Account, PropertyDefinition, PropertyValue } from '../state/records.ts';
import type { OrganizationSeed } from './seed.ts';

type Definitions = Account['propertyDefinitions'];

/** What the seed defines, what was there, and what repositories have values for without anybody defining it. */
export function definitionsOf(before: Account, written: OrganizationSeed): Definitions {
  const defined = Object.entries(written.custom_properties).map(([name, seed]): [string, PropertyDefinition] => [
    name,
    {
      valueType: seed.value_type,
      required: seed.required,
      defaultValue: seed.default_value ?? null,
      allowedValues: seed.allowed_values ?? null,
      valuesEditableBy: seed.values_editable_by,
    },
  ]);
  return { ...implied(written), ...before.propertyDefinitions, ...Object.fromEntries(defined) };
}

function implied({ repositories }: OrganizationSeed): Definitions {
  const values = new Map<string, PropertyValue[]>();
  for (const repository of repositories) {
    for (const [name, value] of Object.entries(repository.custom_properties)) {
      values.set(name, [...(values.get(name) ?? []), value]);
    }
  }
  return Object.fromEntries([...values].map(([name, found]) => [name, fitting(found)]));
}

/** Text that a repository's administrators may set, or a choice of several where a value is a list. */
function fitting(values: readonly PropertyValue[]): PropertyDefinition {
  const several = values.some(Array.isArray);
  return {
    valueType: several ? 'multi_select' : 'string',
    required: false,
    defaultValue: null,
    allowedValues: several ? [...new Set(values.flat())] : null,
    valuesEditableBy: 'org_and_repo_actors',
  };
}
