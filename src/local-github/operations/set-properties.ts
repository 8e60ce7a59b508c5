import { ApiError, validationFailed } from '../api-error.ts';
import type { Context } from '../context.ts';
import type { Account, PropertyDefinition, PropertyValue, Repository } from '../state/records.ts';

export interface PropertyChange {
  property_name: string;
  /** null takes the value away. */
  value: PropertyValue | null;
}

/**
 * Source: docs.github.com, "Managing custom properties for repositories in your organization".
 * @throws ApiError 422 for a property that the organization does not define or a value that it does not allow
 */
export function checkProperties(organization: Account, changes: readonly PropertyChange[]): void {
  for (const { property_name: name, value } of changes) {
    const definition = definitionOf(organization, name);
    if (definition === undefined) throw invalid(name, 'does not exist');
    const fault = value === null ? undefined : faultOf(definition, value);
    if (fault !== undefined) throw invalid(name, fault);
  }
}

/** Sets what checkProperties has passed. */
export function setProperties(context: Context, repository: Repository, changes: readonly PropertyChange[]): void {
  const customProperties = { ...repository.customProperties };
  for (const { property_name: name, value } of changes) {
    if (value === null) delete customProperties[name];
    else customProperties[name] = value;
  }
  context.state.repositories.update(repository.id, { customProperties, updatedAt: context.now() });
}

/** What only owners of the organization may set. @throws ApiError 403 */
export function demandEditableByRepository(organization: Account, changes: readonly PropertyChange[]): void {
  const closed = changes.find(({ property_name: name }) => {
    return definitionOf(organization, name)?.valuesEditableBy === 'org_actors';
  });
  if (closed === undefined) return;
  throw new ApiError(403, `Property '${closed.property_name}' can only be set by organization actors`);
}

/** Its values, and the defaults of required properties that it has none of. */
export function propertiesOf(organization: Account, repository: Repository): Record<string, PropertyValue> {
  const defaults = Object.entries(organization.propertyDefinitions).flatMap(
    ([name, { required, defaultValue }]): [string, PropertyValue][] =>
      required && defaultValue !== null ? [[name, defaultValue]] : [],
  );
  return { ...Object.fromEntries(defaults), ...repository.customProperties };
}

function definitionOf({ propertyDefinitions }: Account, name: string): PropertyDefinition | undefined {
  return Object.hasOwn(propertyDefinitions, name) ? propertyDefinitions[name] : undefined;
}

function invalid(name: string, fault: string): ApiError {
  const message = `Property '${name}' ${fault}`;
  return validationFailed({ resource: 'CustomPropertyValue', field: 'properties', code: 'custom', message });
}

const longestText = 75;

function faultOf({ valueType, allowedValues }: PropertyDefinition, value: PropertyValue): string | undefined {
  if (Array.isArray(value)) {
    if (valueType !== 'multi_select') return 'takes one value';
    return value.every((each) => allowedValues?.includes(each)) ? undefined : 'has a value that is not allowed';
  }
  switch (valueType) {
    case 'multi_select':
      return 'takes a list of values';
    case 'single_select':
      return allowedValues?.includes(value) ? undefined : 'has a value that is not allowed';
    case 'true_false':
      return value === 'true' || value === 'false' ? undefined : 'must be true or false';
    case 'url':
      return URL.canParse(value) ? undefined : 'must be a URL';
    case 'string':
      return value.length <= longestText && !value.includes('"')
        ? undefined
        : `is longer than ${longestText} or has a "`;
  }
}
