import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { gitEnvironment } from './run-git.ts';

export type Service = 'git-upload-pack' | 'git-receive-pack';

/** One request of git's smart HTTP that may be served. */
export interface SmartRequest {
  service: Service;
  gitDirectory: string;
  /** Null: the client asks for the refs that are there. */
  body: Readable | null;
  headers: IncomingHttpHeaders;
  /** Besides what every git here gets: configuration, and what hooks read. */
  env: Readonly<Record<string, string>>;
  /** Hears what git complains about. */
  log: (text: string) => void;
}

export interface SmartAnswer {
  status: number;
  headers: Record<string, string>;
  body: Readable;
  /** Ends the service: nobody reads its answer any more. */
  stop(): void;
}

/** What a client may keep: nothing, also by servers on the way that speak HTTP/1.0 (git's `http-backend` says the same). */
const UNCACHED = {
  expires: 'Fri, 01 Jan 1980 00:00:00 GMT',
  pragma: 'no-cache',
  'cache-control': 'no-cache, max-age=0, must-revalidate',
};

/**
 * Answers as `git http-backend` does, without that program between us and git's own services.
 * The status is known before git has spoken: what goes wrong later is said inside the answer.
 * Source: gitprotocol-http(5), and gitprotocol-v2(5), which leaves out the line with the service.
 * @throws when git cannot be started
 */
export async function serveSmartHttp(request: SmartRequest): Promise<SmartAnswer> {
  const { service, body, headers } = request;
  if (body === null) {
    const child = await start(request, ['--http-backend-info-refs']);
    child.stdin?.end();
    const answer = answerOf(child, `application/x-${service}-advertisement`);
    if (protocolVersion(headers) < 2) answer.body.write(`${packetLine(`# service=${service}\n`)}0000`);
    void pour(child, answer.body);
    return answer;
  }
  if (headers['content-type'] !== `application/x-${service}-request`) {
    body.resume();
    const expected = `Expected POST with Content-Type 'application/x-${service}-request', but received '${headers['content-type'] ?? ''}' instead.\n`;
    return { status: 415, headers: UNCACHED, body: Readable.from([expected]), stop: () => undefined };
  }
  const child = await start(request, ['--stateless-rpc']);
  feed(child, body, request);
  const answer = answerOf(child, `application/x-${service}-result`);
  void pour(child, answer.body);
  return answer;
}

async function start(request: SmartRequest, flags: readonly string[]): Promise<ChildProcess> {
  const { service, gitDirectory, headers } = request;
  const child = spawn('git', [service.slice('git-'.length), ...flags, gitDirectory], {
    cwd: '/',
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...gitEnvironment, ...request.env, GIT_PROTOCOL: protocolOf(headers) },
  });
  // Unheard, a failed start would end the whole server.
  child.on('error', (error) => request.log(`${service} could not be started: ${error.message}`));
  // git may end before it has read everything, which is no failure by itself.
  child.stdin?.on('error', () => undefined);
  child.stderr?.on('data', (chunk: Buffer) => request.log(`${service}: ${chunk.toString().trim()}`));
  await once(child, 'spawn');
  return child;
}

function answerOf(child: ChildProcess, type: string): SmartAnswer & { body: PassThrough } {
  const body = new PassThrough();
  const headers = { 'content-type': type, ...UNCACHED };
  return { status: 200, headers, body, stop: () => child.kill() };
}

/** A reader that goes away is told to the service by its closed output. */
async function pour(child: ChildProcess, body: PassThrough): Promise<void> {
  if (!child.stdout) return void body.end();
  await pipeline(child.stdout, body).catch(() => child.kill());
}

/**
 * A request that breaks off ends the service's input, so that it never waits for the rest. Piped, not by `pipeline`:
 * a service that has read what it wanted must not end the connection on which its answer goes out.
 */
function feed(child: ChildProcess, body: Readable, request: SmartRequest): void {
  const { stdin } = child;
  if (!stdin) return;
  // Whoever went away while this request waited for its turn has closed it already, and nobody hears that again.
  if (body.destroyed && !body.readableEnded) {
    stdin.destroy();
    return;
  }
  body.on('close', () => {
    if (!body.readableEnded) stdin.destroy();
  });
  if (!/^(x-)?gzip$/.test(request.headers['content-encoding'] ?? '')) {
    body.pipe(stdin);
    return;
  }
  const unpacked = createGunzip();
  unpacked.on('error', (error) => {
    request.log(`${request.service}: its request cannot be unpacked: ${error.message}`);
    stdin.destroy();
  });
  body.pipe(unpacked).pipe(stdin);
}

const packetLine = (text: string): string => `${(text.length + 4).toString(16).padStart(4, '0')}${text}`;

function protocolOf(headers: IncomingHttpHeaders): string {
  const value = headers['git-protocol'];
  return typeof value === 'string' ? value : '';
}

/** The highest that the client offers, as `key=value` pairs between colons. */
function protocolVersion(headers: IncomingHttpHeaders): number {
  const offered = protocolOf(headers)
    .split(':')
    .map((pair) => /^version=([012])$/.exec(pair)?.[1]);
  return Math.max(0, ...offered.map((version) => Number(version ?? 0)));
}
