import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** git http-backend on loopback that answers only to tokens it was told about, as GitHub does. */
export interface GitHttpServer {
  url: string;
  tokens: Set<string>;
  /** `METHOD path token-or-dash`, in the order they came. */
  requests: string[];
  /** When set, every request is answered so. */
  failWith: { status: number; headers?: Readonly<Record<string, string>>; text?: string } | null;
  close(): Promise<void>;
}

export async function startGitHttpServer(root: string): Promise<GitHttpServer> {
  const server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  const state: GitHttpServer = {
    url: `http://127.0.0.1:${address.port}`,
    tokens: new Set(),
    requests: [],
    failWith: null,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', state.url);
    const token = tokenOf(request);
    state.requests.push(`${request.method} ${url.pathname} ${token ?? '-'}`);
    if (state.failWith !== null) {
      const { status, headers = {}, text = '' } = state.failWith;
      response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(text);
      return;
    }
    if (token === null || !state.tokens.has(token)) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="GitHub"' }).end();
      return;
    }
    runBackend(root, url, request, response);
  }
  return state;
}

function tokenOf(request: IncomingMessage): string | null {
  const [scheme, value] = (request.headers.authorization ?? '').split(' ');
  if (scheme !== 'Basic' || value === undefined) return null;
  const text = Buffer.from(value, 'base64').toString();
  return text.startsWith('x-access-token:') ? text.slice('x-access-token:'.length) : null;
}

function runBackend(root: string, url: URL, request: IncomingMessage, response: ServerResponse): void {
  const backend = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env.PATH ?? '/usr/bin:/bin',
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      REMOTE_USER: 'x-access-token',
      REMOTE_ADDR: '127.0.0.1',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_COUNT: '2',
      GIT_CONFIG_KEY_0: 'http.receivepack',
      GIT_CONFIG_VALUE_0: 'true',
      GIT_CONFIG_KEY_1: 'safe.directory',
      GIT_CONFIG_VALUE_1: '*',
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  backend.stdin.on('error', () => undefined);
  request.pipe(backend.stdin);
  let head = Buffer.alloc(0);
  let sent = false;
  backend.stdout.on('data', (chunk: Buffer) => {
    if (sent) {
      response.write(chunk);
      return;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end === -1) return;
    sent = true;
    sendHead(response, head.subarray(0, end).toString());
    response.write(head.subarray(end + 4));
  });
  backend.on('close', () => response.end());
}

function sendHead(response: ServerResponse, text: string): void {
  for (const line of text.split('\r\n')) {
    const at = line.indexOf(':');
    const [name, value] = [line.slice(0, at), line.slice(at + 1).trim()];
    if (name.toLowerCase() === 'status') response.statusCode = Number.parseInt(value, 10);
    else response.setHeader(name, value);
  }
}
