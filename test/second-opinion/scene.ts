import { z } from 'zod';
import type { Deliveries } from './deliveries.ts';
import type { Answer, Asked } from './exchange.ts';
import type { InStep } from './in-step.ts';
import type { Judge } from './judge.ts';
import type { Caller, Tokens } from './tokens.ts';

export interface Reaction {
  id: number;
  content: string;
  user: Account;
  created_at: string;
}

/** What the parts of the front know of each other. */
export interface Scene {
  judge: Judge;
  tokens: Tokens;
  inStep: InStep;
  deliveries: Deliveries;
  organization: string;
  appSlug: string;
  webhookSecret: string;
  /** Of an owner of the organization, who sees everything. */
  ownerToken: string;
  /** By `owner/name#comment`. */
  reactions: Map<string, Reaction[]>;
  /** By `owner/name#number`. */
  closedBy: Map<string, Account>;
}

/** A request to the API: `path` without `/api/v3` and without its query. */
export interface ApiRequest {
  asked: Asked;
  path: string;
  query: URLSearchParams;
  caller: Caller;
}

export type ApiHandler = (scene: Scene, request: ApiRequest, parts: readonly string[]) => Promise<Answer | undefined>;

const account = z.looseObject({ id: z.number(), login: z.string(), type: z.string() });
export type Account = z.infer<typeof account>;

/** The account behind a token, as emulate describes it; an installation acts as its app's bot. */
export async function accountOf(scene: Scene, caller: Caller): Promise<Account> {
  if (caller.login === undefined) await beginApp(scene, caller);
  const login = caller.login ?? `${scene.appSlug}[bot]`;
  return scene.judge.read(account, caller.token, `/users/${encodeURIComponent(login)}`);
}

const found = z.object({ items: z.array(z.looseObject({ id: z.number(), full_name: z.string() })) });

/** The organization's repositories that the token reaches, in emulate's words. */
export async function repositoriesOf({ judge, organization }: Scene, caller: Caller) {
  const path = `/search/repositories?q=${encodeURIComponent(`org:${organization}`)}&per_page=100`;
  const { items } = await judge.read(found, caller.token, path);
  const reached = items.filter(({ id }) => caller.repositoryIds?.includes(id) ?? true);
  return reached.sort((one, other) => one.id - other.id);
}

/** emulate makes an app's account at the app's first write; on GitHub it is there from the app's first day. */
export async function beginApp(scene: Scene, caller: Caller): Promise<void> {
  const [first] = await repositoriesOf(scene, caller);
  if (first !== undefined)
    await scene.judge.ask(caller.token, 'POST', `/repos/${first.full_name}/git/blobs`, { content: '' });
}
