import { type Caller, CallerRefused, type Callers } from '../../ports/callers.ts';
import { ApiError } from './api-error.ts';

/** Who sends this `Authorization`. Throws ApiError('unauthenticated') with what a client needs to log in. */
export async function identify(callers: Callers, authorization: string | undefined): Promise<Caller> {
  const token = /^(?:bearer|token) +([\x21-\x7e]+)$/i.exec(authorization?.trim() ?? '')?.[1];
  if (token === undefined) {
    const missing = authorization === undefined ? 'is missing' : 'is not `Bearer <token>`';
    throw unauthenticated(callers, `The header \`Authorization\` ${missing}.`, 'Send a token: `fleet login` gets one.');
  }
  try {
    return await callers.identify(token);
  } catch (error) {
    if (error instanceof CallerRefused) throw unauthenticated(callers, error.message, error.remedy);
    throw error;
  }
}

/** RFC 6750's challenge; the two addresses are not secret, and a client cannot ask for them before it has a token. */
function unauthenticated({ login }: Callers, message: string, remedy: string): ApiError {
  const device = login === null ? '' : `, client_id="${login.clientId}", github="${login.webUrl}"`;
  return new ApiError('unauthenticated', message, remedy, {
    headers: { 'www-authenticate': `Bearer realm="flotilla"${device}` },
  });
}
