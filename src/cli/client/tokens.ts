import { ClientError } from './client-error.ts';

/** Where the token of a command comes from. */
export interface Tokens {
  /** Renewed where it can be. @throws ClientError with how to get one */
  get(): Promise<string>;
  /** The server does not take it. true: another one is worth a try. */
  refused(): Promise<boolean>;
}

/** What a header takes; anything else came from a slip, such as a line break at the end of a secret. */
export function plainToken(text: string, from: string): string {
  const token = text.trim();
  if (/^[\x21-\x7e]{1,16384}$/.test(token)) return token;
  throw new ClientError(`${from} holds no token: a token is printable ASCII without spaces.`, 'Set it again.');
}

/** The one that the environment names. */
export function tokenOfVariable(text: string): Tokens {
  return {
    get: async () => plainToken(text, 'FLEET_TOKEN'),
    refused: async () => false,
  };
}
