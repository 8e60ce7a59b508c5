import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect } from 'vitest';
import { z } from 'zod';
import {
  EXCHANGE_CHANNEL,
  type Exchange,
  type SentWebhook,
  WEBHOOK_CHANNEL,
} from '../../../src/local-github/exchanges.ts';
import type { Seed } from '../../../src/local-github/seed/seed.ts';
import { givenGitHub, repositories, type World } from '../given-github.ts';

interface Sent {
  /** Default: octocat's. */
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** One local GitHub on which every operation is asked for, step by step. */
export interface Walk {
  world: World;
  /** An installation token for acme, with every permission. */
  app: string;
  /** An App JWT. */
  jwt: string;
  /** @returns the JSON, for `shape`. @throws when another status comes */
  ask(status: number, method: string, path: string, sent?: Sent): Promise<unknown>;
  /** Operations that were answered 2xx, e.g. `GET /repos/{owner}/{repo}`. */
  answered: Set<string>;
  /** Webhooks that were sent, by the names in GitHub's description. */
  announced: Set<string>;
  close(): Promise<void>;
}

/** What the app may do here: what routes ask for, custom properties aside: webhooks that name the app cannot name those. */
const permissions = {
  metadata: 'read',
  administration: 'write',
  contents: 'write',
  issues: 'write',
  pull_requests: 'write',
  workflows: 'write',
} as const;

const admin = { octocat: 'admin' } as const;

const organizations: Seed['organizations'] = [
  {
    login: 'acme',
    members: ['octocat', 'onlooker'],
    owners: ['chief'],
    custom_properties: {
      stage: { value_type: 'single_select', allowed_values: ['beta', 'stable'], required: true, default_value: 'beta' },
    },
    repositories: [
      ...repositories('alpha').map((written) => ({
        ...written,
        description: 'The first service',
        topics: ['platform-my-app', 'lang-ts'],
        custom_properties: { tier: 'one', teams: ['backend', 'web'] },
        protected_branches: ['release'],
      })),
      ...repositories('open').map((written) => ({ ...written, visibility: 'public' as const })),
      { name: 'inner', visibility: 'internal', files: { a: 'a' }, collaborators: admin },
      { name: 'old', archived: true, files: { a: 'a' }, collaborators: admin },
      { name: 'hollow', collaborators: admin },
      { name: 'quiet', has_issues: false, files: { a: 'a' }, collaborators: admin },
      { name: 'moving', files: { a: 'a' }, collaborators: admin },
    ],
  },
  // An entry that carries a person's login makes that person the owner.
  {
    login: 'octocat',
    repositories: [
      { name: 'alpha', fork: 'acme/alpha', files: { a: 'a' } },
      { name: 'tools', visibility: 'public', files: { 'bin/tool': { text: '#!/bin/sh\n', executable: true } } },
    ],
  },
];

export async function beginWalk(): Promise<Walk> {
  const answered = new Set<string>();
  const announced = new Set<string>();
  const hear = (message: unknown): void => {
    // The runtime knows no types of messages; each channel has one publisher.
    const { method, template, status } = message as Exchange;
    if (status >= 200 && status < 300) answered.add(`${method} ${template}`);
  };
  const hearWebhook = (message: unknown): void => {
    announced.add(nameOf(message as SentWebhook));
  };
  subscribe(EXCHANGE_CHANNEL, hear);
  subscribe(WEBHOOK_CHANNEL, hearWebhook);
  const world = await givenGitHub(organizations, {
    app: { permissions },
    limits: { contentPerMinute: 1000, contentPerHour: 5000 },
  });
  return {
    world,
    app: await world.installationToken(),
    jwt: await world.jwt(),
    answered,
    announced,
    ask: async (status, method, path, sent) => {
      const answer = await world.api(method, path, sent);
      expect(answer.status, `${method} ${path}: ${answer.text}`).toBe(status);
      return answer.json;
    },
    close: async () => {
      unsubscribe(EXCHANGE_CHANNEL, hear);
      unsubscribe(WEBHOOK_CHANNEL, hearWebhook);
      await world.close();
    },
  };
}

/** As the description names it; the action of a repository_dispatch is the sender's own word. */
function nameOf({ event, action }: SentWebhook): string {
  if (event === 'repository_dispatch') return 'repository-dispatch-sample.collected';
  return [event, ...(action === null ? [] : [action])].join('-').replaceAll('_', '-');
}

/** The fields of answers that later steps ask with. */
export const withId = z.looseObject({ id: z.number() });
export const withNumber = z.looseObject({ number: z.number() });
export const withSha = z.looseObject({ sha: z.string() });
export const withToken = z.looseObject({ token: z.string() });
export const withObject = z.looseObject({ object: withSha });
