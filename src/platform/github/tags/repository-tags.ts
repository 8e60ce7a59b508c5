import type { Octokit } from '@octokit/rest';
import { z } from 'zod';
import type { PropertyDefinition, PropertyValue } from '../../../core/selection/change-tag.ts';
import { parseAnswer } from '../answers.ts';
import { ownerAndRepo } from '../full-name.ts';
import { customProperties } from '../reads/repository-answer.ts';

/** A repository with what selection looks at. */
export interface TaggedRepository {
  fullName: string;
  archived: boolean;
  topics: readonly string[];
  customProperties: Readonly<Record<string, PropertyValue>>;
}

/** What carries tags, asked as a person. Everything throws GitHubError. */
export interface RepositoryTags {
  /** By its name of today, where GitHub knows the given one as an older one. */
  repository(fullName: string): Promise<TaggedRepository>;
  /** Those of an organization that the person may see. */
  ofOrganization(login: string): Promise<TaggedRepository[]>;
  topics(fullName: string): Promise<string[]>;
  /** In the place of all that there are. */
  writeTopics(fullName: string, topics: readonly string[]): Promise<void>;
  properties(fullName: string): Promise<TaggedRepository['customProperties']>;
  /** null takes the value away. */
  writeProperty(fullName: string, name: string, value: string | string[] | null): Promise<void>;
  definitions(organization: string): Promise<PropertyDefinition[]>;
}

const repositoryAnswer = z
  .object({
    full_name: z.string(),
    archived: z.boolean().default(false),
    topics: z.array(z.string()).nullish(),
    custom_properties: customProperties,
  })
  .transform(
    (answer): TaggedRepository => ({
      fullName: answer.full_name,
      archived: answer.archived,
      topics: answer.topics ?? [],
      customProperties: answer.custom_properties,
    }),
  );

const topicsAnswer = z.object({ names: z.array(z.string()) });

const valuesAnswer = z
  .array(z.object({ property_name: z.string(), value: z.union([z.string(), z.array(z.string()), z.null()]) }))
  .transform((values) =>
    customProperties.parse(Object.fromEntries(values.map((one) => [one.property_name, one.value]))),
  );

const definitionAnswer = z
  .object({
    property_name: z.string(),
    value_type: z.enum(['string', 'single_select', 'multi_select', 'true_false', 'url']),
    required: z.boolean().default(false),
    allowed_values: z.array(z.string()).nullish(),
    values_editable_by: z.string().nullish(),
  })
  .transform(
    (answer): PropertyDefinition => ({
      name: answer.property_name,
      type: answer.value_type,
      required: answer.required,
      allowedValues: answer.allowed_values ?? null,
      repositoryActors: answer.values_editable_by === 'org_and_repo_actors',
    }),
  );

const REPOSITORY = 'GET /repos/{owner}/{repo}';
const LIST = 'GET /orgs/{org}/repos';
const TOPICS = 'GET /repos/{owner}/{repo}/topics';
const VALUES = 'GET /repos/{owner}/{repo}/properties/values';
const DEFINITIONS = 'GET /orgs/{org}/properties/schema';
const PAGE = 100;

export function createRepositoryTags(octokit: Octokit): RepositoryTags {
  return {
    async repository(fullName) {
      const { data } = await octokit.request(REPOSITORY, ownerAndRepo(fullName));
      return parseAnswer(repositoryAnswer, data, REPOSITORY);
    },
    async ofOrganization(org) {
      const byName = new Map<string, TaggedRepository>();
      for (let page = 1; ; page += 1) {
        const { data, headers } = await octokit.request(LIST, { org, type: 'all', per_page: PAGE, page });
        // One that is added meanwhile shifts the pages, so that another comes twice.
        for (const one of parseAnswer(z.array(repositoryAnswer), data, LIST)) byName.set(one.fullName, one);
        if (!/rel="next"/.test(headers.link ?? '')) return [...byName.values()];
      }
    },
    async topics(fullName) {
      // GitHub keeps 20: one page holds them.
      const { data } = await octokit.request(TOPICS, { ...ownerAndRepo(fullName), per_page: PAGE });
      return parseAnswer(topicsAnswer, data, TOPICS).names;
    },
    async writeTopics(fullName, topics) {
      await octokit.request('PUT /repos/{owner}/{repo}/topics', { ...ownerAndRepo(fullName), names: [...topics] });
    },
    async properties(fullName) {
      const { data } = await octokit.request(VALUES, ownerAndRepo(fullName));
      return parseAnswer(valuesAnswer, data, VALUES);
    },
    async writeProperty(fullName, name, value) {
      await octokit.request('PATCH /repos/{owner}/{repo}/properties/values', {
        ...ownerAndRepo(fullName),
        properties: [{ property_name: name, value }],
      });
    },
    async definitions(org) {
      const { data } = await octokit.request(DEFINITIONS, { org });
      return parseAnswer(z.array(definitionAnswer), data, DEFINITIONS);
    },
  };
}
