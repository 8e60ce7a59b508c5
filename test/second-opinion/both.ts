import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import type { AppWorld } from '../story/app-world.ts';
import { APP } from '../story/start-app.ts';
import { openWorld } from '../story/world.ts';
import type { Delivered } from './deliveries.ts';
import { openSecondWorld, type SecondWorldOptions } from './world.ts';

/** What a story needs of its GitHub beyond what people do there. */
interface GitHubSide {
  /** How many requests came so far; `path` is without `/api/v3` and the query. */
  count(method: string, path: RegExp): number;
  /** The app's answers to deliveries of an event, oldest first. */
  answered(event: string): number[];
  /** The newest delivery of an event whose body has this text in it, as it was sent. */
  delivery(event: string, text: string): DeliveryText;
  /** No installation token that was minted so far is good any more. */
  forgetTokens(): void;
}

export interface Both {
  world: AppWorld;
  github: GitHubSide;
}

export type Open = (options?: SecondWorldOptions) => Promise<Both>;

const openOurs: Open = async (options = {}) => {
  const { platform, repositories, ...others } = options;
  const world = await openWorld({
    ...others,
    platform: changeable(platform ?? {}),
    repositories: (repositories ?? []).map(({ name, ...rest }) => ({ name, ...changeable(rest) })),
  });
  const { requests, context } = world.github;
  const deliveriesOf = (event: string) => world.deliveries().filter((one) => one.event === event);
  return {
    world,
    github: {
      count: (method, path) =>
        requests.count((one) => one.method === method && path.test(one.path.replace('/api/v3', ''))),
      answered: (event) =>
        deliveriesOf(event)
          .map(({ statusCode }) => statusCode)
          .reverse(),
      delivery: (event, text) =>
        found(
          deliveriesOf(event).map(({ request }) => request),
          text,
        ),
      forgetTokens() {
        for (const { id } of context.state.tokens.where(({ kind }) => kind === 'installation')) {
          context.state.tokens.delete(id);
        }
      },
    },
  };
};

const openEmulate: Open = async (options = {}) => {
  const world = await openSecondWorld(options);
  const { requests, deliveries, tokens } = world.front;
  const deliveriesOf = (event: string) => deliveries.all.filter((one) => one.event === event);
  return {
    world,
    github: {
      count: (method, path) =>
        requests.filter((one) => one.startsWith(`${method} `) && path.test(one.slice(method.length + 1))).length,
      answered: (event) => deliveriesOf(event).map(({ status }) => status),
      delivery: (event, text) => found(deliveriesOf(event).map(asText).reverse(), text),
      forgetTokens: () => tokens.forgetInstallations(),
    },
  };
};

interface DeliveryText {
  headers: Record<string, string>;
  body: string;
}

/** @throws Error when no body has the text in it */
function found(deliveries: readonly DeliveryText[], text: string): DeliveryText {
  const first = deliveries.find(({ body }) => body.includes(text));
  if (first === undefined) throw new Error(`No delivery has "${text}" in it.`);
  return first;
}

function asText({ request: { headers, body } }: Delivered): DeliveryText {
  const text = Object.entries(headers).map(([name, value]) => [name, String(value)]);
  return { headers: Object.fromEntries(text), body: body.toString('utf8') };
}

/** Name and door of each GitHub. */
export const BOTH: readonly (readonly [string, Open])[] = [
  ['our local GitHub', openOurs],
  ['emulate', openEmulate],
];

/** Our seed takes its lists as its own. */
function changeable<T extends { topics?: readonly string[] }>({ topics, ...rest }: T) {
  return { ...rest, ...(topics === undefined ? {} : { topics: [...topics] }) };
}

/** The app's JWT, as somebody could make it. Times in seconds from now. */
export function appJwt(
  made: { key?: string; issuer?: number; issuedAt?: number; expires?: number } = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({})
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(String(made.issuer ?? APP.id))
    .setIssuedAt(now + (made.issuedAt ?? -30))
    .setExpirationTime(now + (made.expires ?? 300))
    .sign(createPrivateKey(made.key ?? APP.privateKey));
}

/** Asks the API with a token or a JWT. */
export async function ask(
  world: AppWorld,
  token: string,
  route: string,
  body?: object,
): Promise<{ status: number; data: unknown }> {
  const [method = '', path = ''] = route.split(' ');
  const response = await fetch(`${world.url}/api/v3${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, data: text === '' ? undefined : JSON.parse(text) };
}
