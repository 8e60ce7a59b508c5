import { type Contract, type Fault, openContract } from '../judge/contract.ts';
import { judgeAnswer } from '../judge/judge-answer.ts';
import { judgeGraphql } from '../judge/judge-graphql.ts';
import { judgeRequest, unknownOperation } from '../judge/judge-request.ts';
import { judgeWebhook } from '../judge/judge-webhook.ts';
import { createMatcher } from '../judge/match-operation.ts';
import { correct } from '../kept/corrections.ts';
import { readKeptDescription } from '../kept/read-kept.ts';
import type { Ledger } from './ledger.ts';
import type { Message } from './messages.ts';

interface Judges {
  contract: Contract;
  match: ReturnType<typeof createMatcher>;
}

type Of<Kind extends Message['kind']> = Extract<Message, { kind: Kind }>;

/** The user agents of the app, also where it is a process of its own: Probot asks for the new app's credentials. */
const APP = /^(flotilla\b|probot\/)/;

let opened: Judges | undefined;

/** Compares a message with GitHub's contract and writes down what it finds; never throws, or the rest would go unjudged. */
export function judge(ledger: Ledger, message: Message): void {
  if (opened === undefined) {
    const description = correct(readKeptDescription());
    opened = { contract: openContract(description), match: createMatcher(description) };
  }
  try {
    compare(ledger, opened, message);
  } catch (error) {
    ledger.violate(
      `This could not be compared: ${JSON.stringify(message)}\n${error instanceof Error ? error.stack : error}`,
    );
  }
}

function compare(ledger: Ledger, opened: Judges, message: Message): void {
  switch (message.kind) {
    case 'request':
      judgeSent(ledger, opened, message);
      break;
    case 'exchange':
      judgeExchange(ledger, opened, message);
      break;
    case 'webhook':
      judgeDelivered(ledger, opened, message);
      break;
  }
}

function judgeDelivered(ledger: Ledger, { contract }: Judges, { webhook }: Of<'webhook'>): void {
  ledger.count('webhooks');
  const name = `webhook ${webhook.event}${webhook.action === null ? '' : `.${webhook.action}`}`;
  note(ledger, name, judgeWebhook(contract, webhook));
}

function judgeSent(ledger: Ledger, { contract, match }: Judges, { request }: Of<'request'>): void {
  const { method, url, apiUrl, body, as } = request;
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
  if (as === 'app') ledger.use(operation.name);
  note(ledger, `the app's ${operation.name}`, judgeRequest(contract, { operation, query: searchParams, body }));
}

function judgeExchange(ledger: Ledger, { contract, match }: Judges, { exchange }: Of<'exchange'>): void {
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
  note(ledger, `the local GitHub ${status < 400 ? 'took' : 'refused'} ${name ?? `${method} ${pathname}`}`, faults);
}

function note(ledger: Ledger, who: string, faults: readonly Fault[]): void {
  for (const { at, message, pointer } of faults) ledger.violate(`${who}: ${at} ${message} (${pointer})`);
}
