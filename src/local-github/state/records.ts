import { z } from 'zod';

/** Times are epoch milliseconds, ids are GitHub's numeric ids (unique per kind), names are display only. */
const time = z.number();
const id = z.number().int();

export const permissionLevel = z.enum(['read', 'write', 'admin']);
export const permissions = z.record(z.string(), permissionLevel);

const propertyValue = z.union([z.string(), z.array(z.string())]);

/** A custom property that an organization defines for its repositories. */
const propertyDefinition = z.object({
  valueType: z.enum(['string', 'single_select', 'multi_select', 'true_false', 'url']),
  required: z.boolean(),
  defaultValue: propertyValue.nullable(),
  allowedValues: z.array(z.string()).nullable(),
  valuesEditableBy: z.enum(['org_actors', 'org_and_repo_actors']),
});

export const accountRecord = z.object({
  id,
  login: z.string(),
  type: z.enum(['User', 'Organization', 'Bot']),
  name: z.string().nullable(),
  /** Organizations only. */
  memberIds: z.array(id),
  ownerIds: z.array(id),
  defaultRepositoryPermission: z.enum(['none', 'read', 'write', 'admin']),
  /** Name → what repositories may have for it; organizations only. */
  propertyDefinitions: z.record(z.string(), propertyDefinition).default({}),
  createdAt: time,
});

export const appRecord = z.object({
  id,
  slug: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  externalUrl: z.string(),
  clientId: z.string(),
  clientSecret: z.string(),
  ownerId: id,
  botId: id,
  hookId: id,
  webhookUrl: z.string().nullable(),
  webhookSecret: z.string().nullable(),
  privateKeyPem: z.string(),
  publicKeyPem: z.string(),
  /** Whether the device flow is enabled in the app's settings. */
  deviceFlow: z.boolean().default(true),
  permissions,
  events: z.array(z.string()),
  createdAt: time,
});

export const installationRecord = z.object({
  id,
  appId: id,
  accountId: id,
  selection: z.enum(['all', 'selected']),
  /** Meaningful when `selection` is `selected`. */
  repositoryIds: z.array(id),
  permissions,
  events: z.array(z.string()),
  createdAt: time,
  updatedAt: time,
});

export const tokenRecord = z.object({
  id,
  token: z.string(),
  /** A person's own token, a person's token that was issued to an app, or an installation's. */
  kind: z.enum(['user', 'app-user', 'installation']),
  /** The person for a user token; the app's bot for an installation token. */
  accountId: id,
  installationId: id.nullable(),
  /** null: everything that the installation (or the person) has. */
  permissions: permissions.nullable(),
  repositoryIds: z.array(id).nullable(),
  /** Real time for installation tokens, GitHub's clock for user tokens of an app. null: does not expire. */
  expiresAt: time.nullable(),
  /** The rest is of user tokens that were issued to an app. */
  appId: id.nullable().default(null),
  createdAt: time.default(0),
  refreshToken: z.string().nullable().default(null),
  refreshExpiresAt: time.nullable().default(null),
  /** Whether a refresh needs the client secret: not so for tokens of the device flow. */
  byDeviceFlow: z.boolean().default(false),
});

export const role = z.enum(['read', 'triage', 'write', 'maintain', 'admin']);

export const repositoryRecord = z.object({
  id,
  ownerId: id,
  name: z.string(),
  visibility: z.enum(['public', 'internal', 'private']),
  description: z.string().nullable(),
  homepage: z.string().nullable(),
  topics: z.array(z.string()),
  customProperties: z.record(z.string(), propertyValue),
  archived: z.boolean(),
  disabled: z.boolean(),
  fork: z.boolean(),
  parentId: id.nullable(),
  hasIssues: z.boolean(),
  defaultBranch: z.string(),
  /** Account id (as a string, JSON keys are) → role. */
  collaborators: z.record(z.string(), role),
  protectedBranches: z.array(z.string()),
  /** Lower-case `owner/name` that redirect here after a rename. */
  formerNames: z.array(z.string()),
  allowMergeCommit: z.boolean(),
  allowSquashMerge: z.boolean(),
  allowRebaseMerge: z.boolean(),
  deleteBranchOnMerge: z.boolean(),
  /** The number that the next issue or pull request gets. */
  nextNumber: z.number().int(),
  /** Whether any branch has a commit. */
  empty: z.boolean(),
  createdAt: time,
  updatedAt: time,
  pushedAt: time,
});

const pullPart = z.object({
  /** REST's pull request id, different from the issue's id. */
  id,
  headRepositoryId: id,
  headRef: z.string(),
  headSha: z.string(),
  baseRef: z.string(),
  /** The tip of the base branch when last looked at. */
  baseSha: z.string(),
  draft: z.boolean(),
  maintainerCanModify: z.boolean(),
  mergedAt: time.nullable(),
  mergedById: id.nullable(),
  mergeCommitSha: z.string().nullable(),
  requestedReviewerIds: z.array(id),
  requestedTeams: z.array(z.string()),
});

/** An issue, or a pull request when `pull` is there: as on GitHub they share numbers, labels and comments. */
export const issueRecord = z.object({
  id,
  repositoryId: id,
  number: z.number().int(),
  title: z.string(),
  body: z.string().nullable(),
  state: z.enum(['open', 'closed']),
  stateReason: z.enum(['completed', 'not_planned', 'duplicate', 'reopened']).nullable(),
  locked: z.boolean(),
  authorId: id,
  /** The app through which it was written. */
  appId: id.nullable(),
  labelIds: z.array(id),
  assigneeIds: z.array(id),
  closedAt: time.nullable(),
  closedById: id.nullable(),
  createdAt: time,
  updatedAt: time,
  pull: pullPart.nullable(),
});

export const commentRecord = z.object({
  id,
  repositoryId: id,
  issueId: id,
  authorId: id,
  appId: id.nullable(),
  body: z.string(),
  createdAt: time,
  updatedAt: time,
});

export const reactionContent = z.enum(['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'rocket', 'eyes']);

export const reactionRecord = z.object({
  id,
  subject: z.enum(['issue', 'comment']),
  /** Id of the issue record or of the comment record. */
  subjectId: id,
  authorId: id,
  content: reactionContent,
  createdAt: time,
});

export const labelRecord = z.object({
  id,
  repositoryId: id,
  name: z.string(),
  color: z.string(),
  description: z.string().nullable(),
});

export const deliveryRecord = z.object({
  id,
  guid: z.string(),
  appId: id,
  event: z.string(),
  action: z.string().nullable(),
  installationId: id.nullable(),
  repositoryId: id.nullable(),
  redelivery: z.boolean(),
  deliveredAt: time,
  durationSeconds: z.number(),
  /** `OK`, or what went wrong in GitHub's words. */
  status: z.string(),
  /** 0 when no answer came. */
  statusCode: z.number().int(),
  url: z.string(),
  request: z.object({ headers: z.record(z.string(), z.string()), body: z.string() }),
  response: z.object({ headers: z.record(z.string(), z.string()), body: z.string() }),
});

export type PermissionLevel = z.infer<typeof permissionLevel>;
export type Permissions = z.infer<typeof permissions>;
export type PropertyValue = z.infer<typeof propertyValue>;
export type PropertyDefinition = z.infer<typeof propertyDefinition>;
export type Account = z.infer<typeof accountRecord>;
export type App = z.infer<typeof appRecord>;
export type Installation = z.infer<typeof installationRecord>;
export type Token = z.infer<typeof tokenRecord>;
export type Role = z.infer<typeof role>;
export type Repository = z.infer<typeof repositoryRecord>;
export type PullPart = z.infer<typeof pullPart>;
export type Issue = z.infer<typeof issueRecord>;
/** An issue record that is a pull request. */
export type Pull = Issue & { pull: PullPart };
export type Comment = z.infer<typeof commentRecord>;
export type ReactionContent = z.infer<typeof reactionContent>;
export type Reaction = z.infer<typeof reactionRecord>;
export type Label = z.infer<typeof labelRecord>;
export type Delivery = z.infer<typeof deliveryRecord>;
