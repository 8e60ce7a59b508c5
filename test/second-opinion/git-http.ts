import { spawn } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import type { Answer, Asked } from './exchange.ts';
import type { InStep } from './in-step.ts';
import type { Judge } from './judge.ts';
import { GIT_ENVIRONMENT } from './run-git.ts';
import type { Tokens } from './tokens.ts';

const PATH = /^\/([\w.-]+\/[\w.-]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)(?:\?(.*))?$/;

/** What GitHub allows, said by environment so that the repositories need no configuration. */
const CONFIG = [
  ['http.receivepack', 'true'],
  ['uploadpack.allowAnySHA1InWant', 'true'],
  ['uploadpack.allowFilter', 'true'],
  ['receive.autogc', 'false'],
] as const;

/**
 * Git's smart HTTP by `git http-backend`. Who may read and who may push, emulate says: it is asked with the same token
 * for the branches, and to store an empty blob. Undefined: the address is none of git's.
 */
export async function serveGit(
  request: Asked,
  { judge, inStep, tokens }: { judge: Judge; inStep: InStep; tokens: Tokens },
): Promise<Answer | undefined> {
  const [, fullName = '', action = '', query = ''] = PATH.exec(request.url) ?? [];
  if (action === '') return undefined;
  const caller = tokens.callerOf(request.headers);
  if (typeof caller === 'string') return refusal(401, 'Authentication required');
  const push = (action === 'info/refs' ? query : action).includes('git-receive-pack');
  const readable = await judge.ask(caller.token, 'GET', `/repos/${fullName}/git/matching-refs/heads/`);
  if (readable.status !== 200) return refusal(404, 'Repository not found.');
  if (push) {
    const writable = await judge.ask(caller.token, 'POST', `/repos/${fullName}/git/blobs`, { content: '' });
    if (writable.status !== 201) return refusal(403, 'Write access to repository not granted.');
  }
  return inStep.alone(fullName, async () => {
    await inStep.pull(fullName);
    const answer = await backend(inStep.root, request, { path: `/${fullName}.git/${action}`, query, push });
    // The answer waits until emulate knows, so that whoever pushed finds the branch there.
    if (action === 'git-receive-pack') await inStep.push(fullName, caller.token);
    return answer;
  });
}

async function backend(
  root: string,
  { method, headers, body }: Asked,
  { path, query, push }: { path: string; query: string; push: boolean },
): Promise<Answer> {
  const settings = CONFIG.flatMap(([key, value], n) => [
    [`GIT_CONFIG_KEY_${n}`, key],
    [`GIT_CONFIG_VALUE_${n}`, value],
  ]);
  const child = spawn('git', ['http-backend'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {
      ...GIT_ENVIRONMENT,
      ...Object.fromEntries(settings),
      GIT_CONFIG_COUNT: String(CONFIG.length),
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: path,
      QUERY_STRING: query,
      REQUEST_METHOD: method,
      CONTENT_TYPE: String(headers['content-type'] ?? ''),
      CONTENT_LENGTH: String(body.length),
      HTTP_CONTENT_ENCODING: String(headers['content-encoding'] ?? ''),
      GIT_PROTOCOL: String(headers['git-protocol'] ?? ''),
      REMOTE_ADDR: '127.0.0.1',
      ...(push ? { REMOTE_USER: 'pusher' } : {}),
    },
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(body);
  return parseCgi(await buffer(child.stdout));
}

/** Header lines, an empty line, the body; `Status:` is the answer's. Source: RFC 3875, section 6. */
function parseCgi(output: Buffer): Answer {
  const end = output.indexOf('\r\n\r\n');
  if (end < 0) throw new Error('git http-backend ended without an answer');
  const lines = output.toString('utf8', 0, end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const { status = '200', ...rest } = headers;
  return { status: Number.parseInt(status, 10), headers: rest, body: output.subarray(end + 4) };
}

function refusal(status: number, message: string): Answer {
  const challenge = status === 401 ? { 'www-authenticate': 'Basic realm="GitHub"' } : {};
  return { status, headers: { 'content-type': 'text/plain', ...challenge }, body: Buffer.from(message) };
}
