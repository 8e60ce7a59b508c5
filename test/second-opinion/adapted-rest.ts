import { z } from 'zod';
import { type Answer, type Asked, jsonAnswer, jsonOf } from './exchange.ts';
import { type ApiRequest, accountOf, beginApp, type Scene } from './scene.ts';

type Adapt = (scene: Scene, request: ApiRequest, answer: Answer, parts: readonly string[]) => Promise<Answer>;

/** Where emulate's answer is not what GitHub publishes, and the app relies on what GitHub publishes. */
const ADAPTED: readonly { method: RegExp; path: RegExp; adapt: Adapt }[] = [
  { method: /GET/, path: /^\/users\/[^/]+$/, adapt: showApp },
  { method: /GET/, path: /^\/repos\/[^/]+\/[^/]+\/collaborators\/[^/]+\/permission$/, adapt: namePermission },
  { method: /GET/, path: /^\/repos\/([^/]+\/[^/]+)\/pulls(?:\/\d+)?$/, adapt: followHead },
  { method: /PATCH/, path: /^\/repos\/([^/]+\/[^/]+)\/pulls\/(\d+)$/, adapt: noteWhoClosed },
  { method: /./, path: /^\/repos\/([^/]+\/[^/]+)(?:\/|$)/, adapt: hideRepository },
];

export async function adaptAnswer(scene: Scene, request: ApiRequest, answer: Answer): Promise<Answer> {
  let adapted = answer;
  for (const { method, path, adapt } of ADAPTED) {
    const parts = method.test(request.asked.method) ? path.exec(request.path) : null;
    if (parts !== null) adapted = await adapt(scene, request, adapted, parts.slice(1));
  }
  return adapted;
}

const treeBody = z.looseObject({
  tree: z.array(z.looseObject({ mode: z.string().optional(), type: z.string().optional() })),
});
const TYPES: Readonly<Record<string, string>> = { '040000': 'tree', '160000': 'commit' };

/** To GitHub a tree entry's `type` is optional, because its mode says it; emulate refuses an entry without. */
export function adaptRequest(asked: Asked, path: string): Asked {
  if (asked.method !== 'POST' || !/^\/repos\/[^/]+\/[^/]+\/git\/trees$/.test(path)) return asked;
  const said = treeBody.safeParse(jsonOf(asked));
  if (!said.success) return asked;
  const tree = said.data.tree.map((entry) => ({ type: TYPES[entry.mode ?? ''] ?? 'blob', ...entry }));
  return { ...asked, body: Buffer.from(JSON.stringify({ ...said.data, tree })) };
}

/** emulate has no account of an app before the app's first write. */
async function showApp(scene: Scene, { caller, path }: ApiRequest, answer: Answer): Promise<Answer> {
  const own = path === `/users/${encodeURIComponent(`${scene.appSlug}[bot]`)}`;
  if (answer.status !== 404 || !own || caller.login !== undefined) return answer;
  await beginApp(scene, caller);
  return scene.judge.ask(caller.token, 'GET', path);
}

const permissionJson = z.looseObject({ permission: z.string() });
const NAMES: Readonly<Record<string, string>> = { push: 'write', maintain: 'write', triage: 'read', pull: 'read' };

/** GitHub's `permission` knows admin, write, read and none; emulate says push, pull, maintain and triage there. */
async function namePermission(_scene: Scene, _request: ApiRequest, answer: Answer): Promise<Answer> {
  const said = permissionJson.safeParse(jsonOf(answer));
  if (answer.status !== 200 || !said.success) return answer;
  return replaced(answer, { ...said.data, permission: NAMES[said.data.permission] ?? said.data.permission });
}

const pullJson = z.looseObject({
  state: z.string(),
  head: z.looseObject({ ref: z.string(), sha: z.string() }),
});
const refJson = z.object({ object: z.object({ sha: z.string() }) });

/** An open pull request shows its branch's head; emulate keeps the one that it was opened with. */
async function followHead(scene: Scene, _request: ApiRequest, answer: Answer, [fullName = '']: readonly string[]) {
  const said = z.union([pullJson, z.array(pullJson)]).safeParse(jsonOf(answer));
  if (answer.status !== 200 || !said.success) return answer;
  const follow = async (pull: z.infer<typeof pullJson>) => {
    if (pull.state !== 'open') return pull;
    const path = `/repos/${fullName}/git/ref/heads/${encodeURIComponent(pull.head.ref)}`;
    const ref = refJson.safeParse(jsonOf(await scene.judge.ask(scene.ownerToken, 'GET', path)));
    return ref.success ? { ...pull, head: { ...pull.head, sha: ref.data.object.sha } } : pull;
  };
  return replaced(
    answer,
    Array.isArray(said.data) ? await Promise.all(said.data.map(follow)) : await follow(said.data),
  );
}

/** emulate remembers who closed a pull request and tells nobody. */
async function noteWhoClosed(scene: Scene, { asked, caller }: ApiRequest, answer: Answer, parts: readonly string[]) {
  const closes = z.object({ state: z.literal('closed') }).safeParse(jsonOf(asked)).success;
  if (closes && answer.status === 200) scene.closedBy.set(parts.join('#'), await accountOf(scene, caller));
  return answer;
}

/** What a caller may not see is not there on GitHub; emulate says that it is forbidden. */
async function hideRepository(
  scene: Scene,
  { caller }: ApiRequest,
  answer: Answer,
  [fullName = '']: readonly string[],
) {
  if (answer.status !== 403) return answer;
  const seen = await scene.judge.ask(caller.token, 'GET', `/repos/${fullName}`);
  return seen.status === 403 ? jsonAnswer(404, { message: 'Not Found' }) : answer;
}

function replaced({ status, headers }: Answer, value: unknown): Answer {
  const { 'content-length': _, ...kept } = headers;
  return jsonAnswer(status, value, kept);
}
