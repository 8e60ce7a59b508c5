import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { SeedConfig } from 'emulate';
import { adaptAnswer, adaptRequest } from './adapted-rest.ts';
import { ADDED } from './added-rest.ts';
import { Deliveries } from './deliveries.ts';
import { type Answer, type Asked, exchange, jsonAnswer, readWhole } from './exchange.ts';
import { serveGit } from './git-http.ts';
import { answerGraphql } from './graphql.ts';
import { InStep } from './in-step.ts';
import { createJudge, type Judge } from './judge.ts';
import type { Scene } from './scene.ts';
import { startEmulate } from './start-emulate.ts';
import { type Caller, Tokens } from './tokens.ts';

const API = '/api/v3';
/** Where emulate sends the app's webhooks. */
const DELIVERIES = '/deliveries';
/** emulate sends `issue_comment` for each of these that succeeds. */
const COMMENTING =
  /^(POST \/repos\/[^/]+\/[^/]+\/issues\/\d+\/comments|(PATCH|DELETE) \/repos\/[^/]+\/[^/]+\/issues\/comments\/\d+)$/;

export interface FrontOptions {
  /** A folder for bare repositories. */
  gitRoot: string;
  organization: string;
  appSlug: string;
  webhookSecret: string;
  /** Login → token. */
  people: Readonly<Record<string, string>>;
  /** One of them, an owner of the organization. */
  owner: string;
  /** @param webhookUrl of the app, as emulate has to know it */
  seed: (webhookUrl: string) => SeedConfig;
}

export interface Front {
  /** `http://127.0.0.1:PORT`, a GitHub Enterprise Server's shape: git and pages here, REST below `/api/v3`. */
  readonly url: string;
  readonly judge: Judge;
  readonly tokens: Tokens;
  readonly deliveries: Deliveries;
  /** `GET /repos/acme/one/pulls` and the like, oldest first. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** Starts emulate with a server before it, which adds what emulate lacks and lets everything else through. */
export async function startFront(options: FrontOptions): Promise<Front> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The front has no port.');
  const url = `http://127.0.0.1:${address.port}`;
  const emulate = await startEmulate(url, options.seed(`${url}${DELIVERIES}`));
  const judge = createJudge(emulate.port);
  const tokens = new Tokens(options.people);
  const deliveries = new Deliveries();
  const ownerToken = options.people[options.owner] ?? '';
  const inStep = new InStep(options.gitRoot, judge, ownerToken);
  const { organization, appSlug, webhookSecret } = options;
  const scene: Scene = {
    judge,
    tokens,
    inStep,
    deliveries,
    organization,
    appSlug,
    webhookSecret,
    ownerToken,
    reactions: new Map(),
    closedBy: new Map(),
  };
  const requests: string[] = [];

  server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    serve(incoming, outgoing).catch((error: unknown) => {
      outgoing
        .writeHead(500, { 'content-type': 'text/plain' })
        .end(error instanceof Error ? error.stack : String(error));
    });
  });

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/', headers } = incoming;
    const answer = await route(scene, emulate.port, requests, {
      method,
      url: path,
      headers,
      body: await readWhole(incoming),
    });
    const { 'transfer-encoding': _, connection: __, ...kept } = answer.headers;
    outgoing.writeHead(answer.status, {
      ...kept,
      ...(answer.status === 204 ? {} : { 'content-length': answer.body.length }),
    });
    outgoing.end(answer.body);
  }

  async function close(): Promise<void> {
    server.close();
    server.closeAllConnections();
    await emulate.close();
  }

  return { url, judge, tokens, deliveries, requests, close };
}

async function route(scene: Scene, port: number, requests: string[], asked: Asked): Promise<Answer> {
  if (asked.url === DELIVERIES) return scene.deliveries.pass(asked);
  const [pathname = '', query = ''] = asked.url.split('?');
  requests.push(`${asked.method} ${pathname.replace(API, '')}`);
  if (pathname !== '/api/graphql' && !pathname.startsWith(`${API}/`)) {
    return (await serveGit(asked, scene)) ?? jsonAnswer(404, { message: 'Not Found' });
  }
  const caller = scene.tokens.callerOf(asked.headers);
  if (caller === 'bad') return jsonAnswer(401, { message: 'Bad credentials' });
  if (pathname === '/api/graphql') {
    if (caller === 'none') return jsonAnswer(401, { message: 'This endpoint requires you to be authenticated.' });
    return answerGraphql(scene, caller, asked.body);
  }
  return mounted(await answerRest(scene, port, { asked, caller, path: pathname.slice(API.length), query }), asked);
}

async function answerRest(
  scene: Scene,
  port: number,
  { asked, caller, path, query }: { asked: Asked; caller: Caller | 'none'; path: string; query: string },
): Promise<Answer> {
  const known = caller === 'none' ? undefined : { asked, caller, path, query: new URLSearchParams(query) };
  if (known !== undefined) {
    for (const added of ADDED) {
      const parts = added.method === asked.method ? added.path.exec(path) : null;
      const answer = parts === null ? undefined : await added.handle(scene, known, parts.slice(1));
      if (answer !== undefined) return answer;
    }
  }
  const sent = { ...adaptRequest(asked, path), url: asked.url.slice(API.length) };
  const answer = await forward(scene, port, sent, `${asked.method} ${path}`);
  if (path.endsWith('/access_tokens') && answer.status === 201) scene.tokens.learn(answer);
  return known === undefined ? answer : adaptAnswer(scene, known, answer);
}

/** As it came, to emulate. */
async function forward({ deliveries }: Scene, port: number, asked: Asked, name: string): Promise<Answer> {
  if (!COMMENTING.test(name)) return exchange(port, asked);
  deliveries.expect();
  let commented = false;
  try {
    const answer = await exchange(port, asked);
    commented = answer.status < 300;
    return answer;
  } finally {
    if (!commented) deliveries.settle();
  }
}

/** emulate takes itself for the root of its host, so its links to further pages lack the prefix. */
function mounted(answer: Answer, { headers }: Asked): Answer {
  const { link } = answer.headers;
  if (typeof link !== 'string') return answer;
  const root = `<http://${String(headers.host)}/`;
  return { ...answer, headers: { ...answer.headers, link: link.replaceAll(root, `${root}${API.slice(1)}/`) } };
}
