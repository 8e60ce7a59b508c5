import { z } from 'zod';
import { notFound } from '../api-error.ts';
import type { Context } from '../context.ts';
import {
  checkProperties,
  demandEditableByRepository,
  propertiesOf,
  setProperties,
} from '../operations/set-properties.ts';
import { repositoryByName } from '../state/queries.ts';
import type { Account, PropertyDefinition, PropertyValue, Repository } from '../state/records.ts';
import { noBody, noQuery } from './call.ts';
import { organizationRoute, readRoute, writeRoute } from './route.ts';

const properties = z.array(
  z.strictObject({ property_name: z.string(), value: z.union([z.string(), z.array(z.string()), z.null()]) }),
);

export const propertyRoutes = [
  readRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/properties/values',
    need: 'metadata',
    query: noQuery,
    body: noBody,
    handler: ({ context, repository }) => ({
      status: 200,
      body: renderValues(propertiesOf(organizationOf(context, repository), repository)),
    }),
  }),
  writeRoute({
    method: 'PATCH',
    path: '/repos/{owner}/{repo}/properties/values',
    need: 'repository_custom_properties',
    role: 'admin',
    query: noQuery,
    body: z.strictObject({ properties }),
    resource: 'CustomPropertyValue',
    handler: ({ context, author, repository, body }) => {
      const organization = organizationOf(context, repository);
      checkProperties(organization, body.properties);
      if (author.account.type === 'User' && !organization.ownerIds.includes(author.account.id)) {
        demandEditableByRepository(organization, body.properties);
      }
      setProperties(context, repository, body.properties);
      return { status: 204 };
    },
  }),
  organizationRoute({
    method: 'GET',
    path: '/orgs/{org}/properties/schema',
    need: { permission: ['organization_custom_properties'], level: 'read', person: 'member' },
    query: noQuery,
    body: noBody,
    handler: ({ context, organization }) => ({
      status: 200,
      body: Object.entries(organization.propertyDefinitions).map(([name, definition]) =>
        renderDefinition(context, organization, name, definition),
      ),
    }),
  }),
  organizationRoute({
    method: 'PATCH',
    path: '/orgs/{org}/properties/values',
    need: { permission: ['organization_custom_properties'], level: 'write', person: 'owner' },
    query: noQuery,
    body: z.strictObject({ repository_names: z.array(z.string()).min(1).max(30), properties }),
    resource: 'CustomPropertyValue',
    handler: ({ context, organization, body }) => {
      const repositories = body.repository_names.map((name) => {
        const found = repositoryByName(context.state, organization.login, name);
        if (found === undefined) throw notFound();
        return found;
      });
      checkProperties(organization, body.properties);
      for (const repository of repositories) setProperties(context, repository, body.properties);
      return { status: 204 };
    },
  }),
];

/** @throws ApiError 404 for a repository of a person, which has no properties */
function organizationOf(context: Context, repository: Repository): Account {
  const owner = context.state.accounts.need(repository.ownerId);
  if (owner.type !== 'Organization') throw notFound();
  return owner;
}

const renderValues = (values: Readonly<Record<string, PropertyValue>>) =>
  Object.entries(values).map(([name, value]) => ({ property_name: name, value }));

function renderDefinition(context: Context, { login }: Account, name: string, definition: PropertyDefinition) {
  return {
    property_name: name,
    url: `${context.baseUrl}/api/v3/orgs/${login}/properties/schema/${encodeURIComponent(name)}`,
    source_type: 'organization',
    value_type: definition.valueType,
    required: definition.required,
    default_value: definition.defaultValue,
    allowed_values: definition.allowedValues,
    values_editable_by: definition.valuesEditableBy,
  };
}
