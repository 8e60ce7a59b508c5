import { createHmac, generateKeyPairSync, randomUUID } from 'node:crypto';
import { pino } from 'pino';
import type { FleetRequest } from '../../src/core/request.ts';
import type { Api } from '../../src/edge/api/create-api.ts';
import type { InboxStore } from '../../src/edge/inbox.ts';
import { type Served, serve } from '../../src/edge/serve.ts';
import { Strangers } from '../../src/edge/strangers.ts';
import { createApp } from '../../src/index.ts';

const SECRET = 'the-secret-of-these-tests';
export const NOW = 1_772_366_400_000;

interface Stored {
  id: string;
  request: FleetRequest;
  receivedAt: number;
}

/** Deliveries by id, as the store keeps them; `failing` makes every write fail. */
class MemoryInbox implements InboxStore {
  readonly stored: Stored[] = [];
  failing = false;
  /** Of every sender. */
  unfinished = 0;

  /** Of the tracking issue 3 of acme/platform; undefined: no fleet has it. */
  fleet: { id: string; installationId: number } | undefined;
  readonly read = {
    fleets: {
      byTrackingIssue: async (repository: number, issue: number) =>
        repository === 20 && issue === 3 ? this.fleet : undefined,
    },
  };

  async write<T>(work: (tx: InboxTx) => Promise<T>): Promise<T> {
    if (this.failing) throw new Error('the disk is full');
    return work({
      deliveries: {
        insert: async (delivery) => {
          if (this.stored.some(({ id }) => id === delivery.id)) return false;
          this.stored.push(delivery);
          return true;
        },
        unfinishedCommentsOf: async () => this.unfinished,
        unfinishedEditsOf: async () => this.stored.filter(({ request }) => request.edit !== undefined).length,
      },
    });
  }
}

interface InboxTx {
  deliveries: {
    insert(delivery: Stored): Promise<boolean>;
    unfinishedCommentsOf(senderId: number): Promise<number>;
    unfinishedEditsOf(): Promise<number>;
  };
}

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

export interface Bench {
  served: Served;
  inbox: MemoryInbox;
  strangers: Strangers;
  /** Everything that was logged, as text. */
  logged(): string;
}

/** Of doors that are looked at without it. */
export const noApi: Api = { answer: (_request, response) => void response.writeHead(404).end(), close: async () => {} };

export async function openDoors(): Promise<Bench> {
  const inbox = new MemoryInbox();
  const clock = { now: () => NOW };
  const strangers = new Strangers(clock);
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => lines.push(line) });
  const served = await serve({
    host: '127.0.0.1',
    port: 0,
    appId: 1,
    privateKey,
    webhookSecret: SECRET,
    apiUrl: 'https://github.example.test/api/v3',
    log,
    app: createApp({ store: inbox, strangers, clock, log }),
    api: noApi,
  });
  return { served, inbox, strangers, logged: () => lines.join('') };
}

export const sign = (body: string, secret = SECRET): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

export interface Delivery {
  event: string;
  payload: unknown;
  id?: string;
  headers?: Record<string, string | undefined>;
}

/** Posts a delivery as GitHub does; a header of undefined is left out. */
export async function deliver(bench: Bench, { event, payload, id, headers }: Delivery): Promise<number> {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const all = {
    'content-type': 'application/json',
    'x-github-event': event,
    'x-github-delivery': id ?? randomUUID(),
    'x-hub-signature-256': sign(body),
    ...headers,
  };
  const sent = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  const response = await fetch(`${bench.served.url}/api/github/webhooks`, {
    method: 'POST',
    body,
    headers: Object.fromEntries(sent),
  });
  await response.text();
  return response.status;
}

const ADA = { id: 5, login: 'ada', type: 'User' };
export const BOT = { id: 41898282, login: 'github-actions[bot]', type: 'Bot' };

export function comment(
  body: string,
  more: { sender?: object; action?: string; issue?: object; app?: object | null; at?: string } = {},
): object {
  const sender = more.sender ?? ADA;
  return {
    action: more.action ?? 'created',
    issue: { number: 3, ...more.issue },
    comment: { id: 900, body, user: sender, performed_via_github_app: more.app ?? null, created_at: more.at },
    repository: { id: 20, full_name: 'acme/platform' },
    installation: { id: 7 },
    sender,
  };
}

export function dispatch(client_payload: unknown, action = 'fleet', sender: object = BOT): object {
  return {
    action,
    branch: 'main',
    client_payload,
    repository: { id: 20, full_name: 'acme/platform' },
    installation: { id: 7 },
    sender,
  };
}
