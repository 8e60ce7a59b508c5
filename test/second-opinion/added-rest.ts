import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Answer, jsonAnswer, jsonOf } from './exchange.ts';
import { type ApiHandler, accountOf, type Reaction, repositoriesOf, type Scene } from './scene.ts';
import type { Caller } from './tokens.ts';

/** Endpoints that emulate does not have. Undefined: emulate answers after all. */
export const ADDED: readonly { method: string; path: RegExp; handle: ApiHandler }[] = [
  { method: 'GET', path: /^\/installation\/repositories$/, handle: listRepositories },
  { method: 'DELETE', path: /^\/installation\/token$/, handle: revokeToken },
  { method: 'GET', path: /^\/repos\/([^/]+\/[^/]+)\/issues\/comments\/(\d+)\/reactions$/, handle: listReactions },
  { method: 'POST', path: /^\/repos\/([^/]+\/[^/]+)\/issues\/comments\/(\d+)\/reactions$/, handle: react },
  { method: 'POST', path: /^\/repos\/([^/]+\/[^/]+)\/dispatches$/, handle: dispatch },
  { method: 'GET', path: /^\/repos\/([^/]+\/[^/]+)\/issues\/(\d+)$/, handle: showPullAsIssue },
];

const forbidden = (): Answer => jsonAnswer(403, { message: 'Resource not accessible by integration' });

async function listRepositories(scene: Scene, { caller, query }: Parameters<ApiHandler>[1]): Promise<Answer> {
  if (caller.login !== undefined) return forbidden();
  const all = await repositoriesOf(scene, caller);
  const size = Number(query.get('per_page') ?? 30);
  const from = (Number(query.get('page') ?? 1) - 1) * size;
  return jsonAnswer(200, {
    total_count: all.length,
    repository_selection: caller.repositoryIds === undefined ? 'all' : 'selected',
    repositories: all.slice(from, from + size),
  });
}

async function revokeToken({ tokens }: Scene, { caller }: Parameters<ApiHandler>[1]): Promise<Answer> {
  if (caller.login !== undefined) return forbidden();
  tokens.forget(caller.token);
  return { status: 204, headers: {}, body: Buffer.alloc(0) };
}

const reactionBody = z.object({
  content: z.enum(['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'rocket', 'eyes']),
});

async function listReactions(
  scene: Scene,
  { caller }: Parameters<ApiHandler>[1],
  [fullName = '', comment = '']: readonly string[],
): Promise<Answer> {
  const seen = await scene.judge.ask(caller.token, 'GET', `/repos/${fullName}/issues/comments/${comment}`);
  return seen.status === 200 ? jsonAnswer(200, scene.reactions.get(`${fullName}#${comment}`) ?? []) : seen;
}

/** The same reaction twice is one, told by 200 instead of 201. */
async function react(
  scene: Scene,
  { caller, asked }: Parameters<ApiHandler>[1],
  [fullName = '', comment = '']: readonly string[],
): Promise<Answer> {
  const seen = await scene.judge.ask(caller.token, 'GET', `/repos/${fullName}/issues/comments/${comment}`);
  if (seen.status !== 200) return seen;
  if (!mayWriteIssues(caller)) return forbidden();
  const body = reactionBody.safeParse(jsonOf(asked));
  if (!body.success) return jsonAnswer(422, { message: 'Validation Failed' });
  const user = await accountOf(scene, caller);
  const key = `${fullName}#${comment}`;
  const given = scene.reactions.get(key) ?? [];
  const known = given.find((one) => one.content === body.data.content && one.user.id === user.id);
  if (known !== undefined) return jsonAnswer(200, known);
  const made: Reaction = {
    id: scene.reactions.size * 100 + given.length + 1,
    content: body.data.content,
    user,
    created_at: new Date().toISOString(),
  };
  scene.reactions.set(key, [...given, made]);
  return jsonAnswer(201, made);
}

const mayWriteIssues = ({ permissions }: Caller): boolean =>
  permissions === undefined || permissions.issues === 'write';

const dispatchBody = z.object({ event_type: z.string().min(1).max(100), client_payload: z.looseObject({}).optional() });
const repositoryJson = z.looseObject({ default_branch: z.string() });
const installationJson = z.object({ id: z.number() });

/** Whoever may write contents may dispatch, as GitHub wants it; emulate is asked by storing an empty blob. */
async function dispatch(
  scene: Scene,
  { caller, asked }: Parameters<ApiHandler>[1],
  [fullName = '']: readonly string[],
): Promise<Answer> {
  const { judge, deliveries, webhookSecret } = scene;
  const writable = await judge.ask(caller.token, 'POST', `/repos/${fullName}/git/blobs`, { content: '' });
  if (writable.status !== 201) return writable;
  const body = dispatchBody.safeParse(jsonOf(asked));
  if (!body.success) return jsonAnswer(422, { message: 'Invalid request.' });
  const repository = await judge.read(repositoryJson, caller.token, `/repos/${fullName}`);
  const installation = await judge.read(installationJson, caller.token, `/repos/${fullName}/installation`);
  const payload = {
    action: body.data.event_type,
    branch: repository.default_branch,
    client_payload: body.data.client_payload ?? {},
    repository,
    sender: await accountOf(scene, caller),
    installation: { id: installation.id },
  };
  await deliveries.make('repository_dispatch', randomUUID(), webhookSecret, payload);
  return { status: 204, headers: {}, body: Buffer.alloc(0) };
}

const pullJson = z.looseObject({ number: z.number(), url: z.string(), html_url: z.string(), state: z.string() });

/** On GitHub a pull request is an issue as well, and only as that it tells who closed it. */
async function showPullAsIssue(
  { judge, closedBy }: Scene,
  { caller }: Parameters<ApiHandler>[1],
  [fullName = '', number = '']: readonly string[],
): Promise<Answer | undefined> {
  const answer = await judge.ask(caller.token, 'GET', `/repos/${fullName}/pulls/${number}`);
  const pull = pullJson.safeParse(jsonOf(answer));
  if (answer.status !== 200 || !pull.success) return undefined;
  const { url, html_url } = pull.data;
  return jsonAnswer(200, {
    ...pull.data,
    pull_request: { url, html_url },
    closed_by: closedBy.get(`${fullName}#${number}`) ?? null,
  });
}
