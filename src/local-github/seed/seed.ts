import { z } from 'zod';
import { isLoopbackUrl, mustBeLoopback } from '../loopback.ts';
import { permissions, role } from '../state/records.ts';

const login = z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/, 'is not a login');
const repositoryName = z.string().regex(/^[\w.-]{1,100}$/, 'is not a repository name');

const appSeed = z.strictObject({
  id: z.number().int().positive().optional(),
  slug: z
    .string()
    .regex(/^[a-z0-9-]{1,34}$/)
    .default('flotilla'),
  webhook_url: z.string().refine(isLoopbackUrl, mustBeLoopback).optional(),
  webhook_secret: z.string().min(1).optional(),
  client_id: z
    .string()
    .regex(/^Iv\d*\.?[A-Za-z0-9]{8,40}$/, 'is not a client id, such as Iv23liAbCdEfGhIjKlMn')
    .optional(),
  client_secret: z
    .string()
    .regex(/^[\w-]{20,100}$/, 'is not a client secret: 20 to 100 letters, digits, - and _')
    .optional(),
  /** Whether `fleet login` and the like may ask for tokens by device code. */
  device_flow: z.boolean().default(true),
  /** A PEM file with an RSA key; made when absent. */
  private_key_file: z.string().optional(),
  permissions: permissions.optional(),
  events: z.array(z.string()).optional(),
});

const userSeed = z.strictObject({
  login,
  /** Made and printed when absent. */
  token: z.string().min(1).optional(),
  /** A user token of the app that is there from the start, for eight hours. */
  app_token: z
    .string()
    .regex(/^ghu_[A-Za-z0-9]{36}$/, 'is not a user token of an app: ghu_ and 36 letters and digits')
    .optional(),
  id: z.number().int().positive().optional(),
  name: z.string().optional(),
});

const issueSeed = z.strictObject({ title: z.string(), body: z.string().optional(), user: login.optional() });

const fileSeed = z.union([z.string(), z.strictObject({ text: z.string(), executable: z.boolean().optional() })]);

const repositorySeed = z
  .strictObject({
    name: repositoryName,
    visibility: z.enum(['public', 'internal', 'private']).default('private'),
    description: z.string().optional(),
    topics: z.array(z.string()).default([]),
    custom_properties: z.record(z.string(), z.union([z.string(), z.array(z.string())])).default({}),
    archived: z.boolean().default(false),
    disabled: z.boolean().default(false),
    /** `owner/name` of the parent, or true for a fork of something unknown here. */
    fork: z.union([z.boolean(), z.string()]).default(false),
    has_issues: z.boolean().default(true),
    default_branch: z.string().optional(),
    protected_branches: z.array(z.string()).default([]),
    collaborators: z.record(login, role).default({}),
    /** Path → text: becomes the first commit. */
    files: z.record(z.string(), fileSeed).optional(),
    /** A git repository on this machine, whose HEAD is copied; it is never changed. */
    from: z.string().optional(),
    issues: z.array(issueSeed).default([]),
  })
  .refine((seed) => seed.files === undefined || seed.from === undefined, 'takes either files or from, not both');

const propertySeed = z.strictObject({
  value_type: z.enum(['string', 'single_select', 'multi_select', 'true_false', 'url']).default('string'),
  required: z.boolean().default(false),
  default_value: z.union([z.string(), z.array(z.string())]).optional(),
  allowed_values: z.array(z.string()).optional(),
  /** Whether a repository's administrators may set it, or the organization's owners alone. */
  values_editable_by: z.enum(['org_actors', 'org_and_repo_actors']).default('org_actors'),
});

const organizationSeed = z.strictObject({
  login,
  members: z.array(login).default([]),
  owners: z.array(login).default([]),
  default_repository_permission: z.enum(['none', 'read', 'write', 'admin']).default('read'),
  /** Custom properties by name; those that only its repositories name are defined by their values. */
  custom_properties: z
    .record(z.string().regex(/^[\w$#-]{1,75}$/, 'is no name of a property'), propertySeed)
    .default({}),
  /** Repositories that the app is installed on. */
  installed: z.union([z.literal('all'), z.array(repositoryName)]).default('all'),
  repositories: z.array(repositorySeed).default([]),
});

const seedSchema = z.strictObject({
  app: appSeed.optional(),
  users: z.array(userSeed).default([]),
  organizations: z.array(organizationSeed).default([]),
  limits: z
    .strictObject({
      core: z.number().int().positive().optional(),
      graphql: z.number().int().positive().optional(),
      content_per_minute: z.number().int().positive().optional(),
      content_per_hour: z.number().int().positive().optional(),
      points_per_minute: z.number().int().positive().optional(),
    })
    .optional(),
});

/** As written, with defaults left out. */
export type Seed = z.input<typeof seedSchema>;
/** With every default filled in. */
export type FullSeed = z.output<typeof seedSchema>;
export type RepositorySeed = z.output<typeof repositorySeed>;
export type OrganizationSeed = z.output<typeof organizationSeed>;

/** @throws Error that lists every fault with its path */
export function parseSeed(seed: unknown): FullSeed {
  const result = seedSchema.safeParse(seed ?? {});
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) => `  ${path.join('.') || '(top)'}: ${message}`);
  throw new Error(`The seed of the local GitHub is not valid:\n${faults.join('\n')}`);
}
