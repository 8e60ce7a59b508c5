import { z } from 'zod';

/** The events that have a door. GitHub sends every app more than that, `installation` for one. */
export const EVENTS: readonly string[] = ['issue_comment', 'issues', 'repository_dispatch'];

/** The parts of GitHub's webhooks that are read; everything else is left alone. */
const account = z.object({ id: z.int(), login: z.string().min(1), type: z.string() });

const origin = {
  repository: z.object({ id: z.int(), full_name: z.string().min(1) }),
  installation: z.object({ id: z.int() }),
  sender: account,
};

export const commentPayload = z.object({
  ...origin,
  action: z.literal('created'),
  /** A pull request is an issue too, and then carries `pull_request`; commands are taken on both. */
  issue: z.object({ number: z.int() }),
  comment: z.object({
    id: z.int(),
    body: z.string(),
    /** As epoch milliseconds. */
    created_at: z.iso.datetime({ offset: true }).transform(Date.parse).optional(),
    user: account.nullable(),
    /** The App that wrote it with a person's token: then `sender` is that person, who may not know. */
    performed_via_github_app: z.looseObject({}).nullish(),
  }),
});

export const dispatchPayload = z.object({
  ...origin,
  /** The dispatch's event_type. */
  action: z.string(),
  client_payload: z.unknown(),
});

export const issueEditPayload = z.object({
  ...origin,
  action: z.literal('edited'),
  issue: z.object({
    number: z.int(),
    body: z.string().nullable(),
    user: account.nullable(),
    /** By this edit. As epoch milliseconds. */
    updated_at: z.iso.datetime({ offset: true }).transform(Date.parse).optional(),
  }),
  /** Of each text that was changed, what it was before, whole. */
  changes: z.object({ title: z.looseObject({}).optional(), body: z.object({ from: z.string() }).optional() }),
});

export type Account = z.infer<typeof account>;

/** As requests carry it: apart from bots, everybody is a user. */
export const senderOf = ({ id, login, type }: Account): { id: number; login: string; type: 'User' | 'Bot' } => ({
  id,
  login,
  type: type === 'Bot' ? 'Bot' : 'User',
});
