import { generateKeyPairSync } from 'node:crypto';
import nock from 'nock';
import { createGitHub } from '../../../src/platform/github/create-github.ts';
import type { GitHub } from '../../../src/ports/github.ts';
import type { Log } from '../../../src/ports/log.ts';
import type { Instruments } from '../../../src/ports/metrics.ts';

export const API = 'https://github.example.test';
export const NOW = Date.parse('2026-03-01T12:00:00Z');
export const INSTALLATION = 7;

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

export interface LogLine {
  fields: object;
  message: string;
}

export function collectingLog(): Log & { lines: LogLine[] } {
  const lines: LogLine[] = [];
  const add = (fields: object, message: string) => lines.push({ fields, message });
  return { lines, debug: add, info: add, warn: add, error: add };
}

/** Of an app on a GitHub Enterprise Server that only nock answers for. */
export const clientOptions = () => ({
  appId: 1,
  privateKey,
  apiUrl: `${API}/api/v3`,
  log: collectingLog(),
  clock: { now: () => NOW },
  readRetryDelaysMs: [0, 0],
});

export function connect(
  options: {
    log?: Log;
    timeoutMs?: number;
    pause?: (ms: number) => Promise<unknown>;
    instruments?: Pick<Instruments, 'githubAnswered'>;
  } = {},
): GitHub {
  return createGitHub({
    ...clientOptions(),
    webUrl: API,
    ...(options.log === undefined ? {} : { log: options.log }),
    instruments: options.instruments,
    ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
    ...(options.pause === undefined ? {} : { pause: options.pause }),
  });
}

export const api = () => nock(`${API}/api/v3`);
export const graphql = () => nock(`${API}/api`);

/** Answers every minting of an installation token. */
export function mintTokens(token = 'ghs_installation'): void {
  api()
    .persist()
    .post(`/app/installations/${INSTALLATION}/access_tokens`)
    .reply(201, { token, expires_at: new Date(Date.now() + 3_600_000).toISOString() });
}

export function restRepository(id: number, name: string, more: object = {}): object {
  return {
    id,
    name,
    full_name: `acme/${name}`,
    owner: { login: 'acme' },
    private: true,
    visibility: 'private',
    archived: false,
    disabled: false,
    fork: false,
    has_issues: true,
    default_branch: 'main',
    topics: [],
    ...more,
  };
}
