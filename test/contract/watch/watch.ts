import { subscribe } from 'node:diagnostics_channel';
import {
  EXCHANGE_CHANNEL,
  type Exchange,
  type SentWebhook,
  WEBHOOK_CHANNEL,
} from '../../../src/local-github/exchanges.ts';
import { type AnnouncedRequest, REQUEST_CHANNEL } from '../../../src/platform/github/announced-fetch.ts';
import { type Contract, type Fault, openContract } from '../judge/contract.ts';
import { judgeAnswer } from '../judge/judge-answer.ts';
import { judgeGraphql } from '../judge/judge-graphql.ts';
import { judgeRequest, unknownOperation } from '../judge/judge-request.ts';
import { judgeWebhook } from '../judge/judge-webhook.ts';
import { createMatcher } from '../judge/match-operation.ts';
import { correct } from '../kept/corrections.ts';
import { readKeptDescription } from '../kept/read-kept.ts';
import type { Ledger } from './ledger.ts';

interface Judges {
  contract: Contract;
  match: ReturnType<typeof createMatcher>;
}

/** The user agent of the app, also where it is a process of its own. */
const APP = /^flotilla\b/;

/**
 * Compares everything that this process's app sends, and everything that its local GitHub takes, answers and sends, with
 * GitHub's contract. Subscribers are told by the runtime, so nothing has to be handed around and nothing can be left out.
 */
export function watchContract(ledger: Ledger): void {
  let opened: Judges | undefined;
  const judges = (): Judges => {
    if (opened === undefined) {
      const description = correct(readKeptDescription());
      opened = { contract: openContract(description), match: createMatcher(description) };
    }
    return opened;
  };
  // The runtime knows no types of messages; each channel has one publisher, next to its message's type.
  subscribe(REQUEST_CHANNEL, (message) => judgeSent(ledger, judges(), message as AnnouncedRequest));
  subscribe(EXCHANGE_CHANNEL, (message) => judgeExchange(ledger, judges(), message as Exchange));
  subscribe(WEBHOOK_CHANNEL, (message) => {
    const webhook = message as SentWebhook;
    ledger.count('webhooks');
    const name = `webhook ${webhook.event}${webhook.action === null ? '' : `.${webhook.action}`}`;
    note(ledger, name, judgeWebhook(judges().contract, webhook));
  });
}

function judgeSent(ledger: Ledger, { contract, match }: Judges, { method, url, apiUrl, body }: AnnouncedRequest): void {
  const { pathname, searchParams } = new URL(url);
  if (pathname.endsWith('/graphql')) {
    ledger.count('documents');
    ledger.use('POST /graphql');
    note(ledger, "the app's GraphQL document", judgeGraphql(body));
    return;
  }
  ledger.count('requests');
  const path = pathname.slice(new URL(apiUrl).pathname.replace(/\/$/, '').length);
  const operation = match(method, path);
  if (operation === undefined) {
    note(ledger, "the app's request", [unknownOperation(`${method} ${path}`)]);
    return;
  }
  ledger.use(operation.name);
  note(ledger, `the app's ${operation.name}`, judgeRequest(contract, { operation, query: searchParams, body }));
}

function judgeExchange(ledger: Ledger, { contract, match }: Judges, exchange: Exchange): void {
  const { method, template, status, contentType, body, accept } = exchange;
  const { pathname, searchParams: query } = new URL(exchange.path, 'http://localhost');
  const operation = match(method, pathname);
  const name = template === undefined ? undefined : `${method} ${template}`;
  ledger.count('answers');
  note(
    ledger,
    `the local GitHub's ${status} to ${name ?? method}`,
    judgeAnswer(contract, { operation: name, status, contentType, body, accept }),
  );
  // People's tests also send what GitHub refuses; the app never may, and what is taken must be in the contract.
  if (status >= 400 && !APP.test(exchange.userAgent)) return;
  ledger.count('arrivals');
  if (operation !== undefined && APP.test(exchange.userAgent)) ledger.use(operation.name);
  const faults =
    operation === undefined
      ? [unknownOperation(`${method} ${pathname}`)]
      : judgeRequest(contract, { operation, query, body: exchange.requestBody });
  note(ledger, `${status < 400 ? 'the local GitHub took' : 'refused'} ${name ?? `${method} ${pathname}`}`, faults);
}

function note(ledger: Ledger, who: string, faults: readonly Fault[]): void {
  for (const { at, message, pointer } of faults) ledger.violate(`${who}: ${at} ${message} (${pointer})`);
}
