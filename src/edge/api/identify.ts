import { type Caller, CallerRefused, type Callers } from '../../ports/callers.ts';
import type { Admission } from './admission.ts';
import { ApiError } from './api-error.ts';

/**
 * Who sends this `Authorization` from this address of the connection. Throws ApiError: 'unauthenticated' with what a
 * client needs to log in, and where too much is asked.
 */
export async function identify(
  callers: Callers,
  admission: Admission,
  { authorization, address }: { authorization: string | undefined; address: string | undefined },
): Promise<Caller> {
  const token = tokenOf(authorization);
  if (token === undefined) {
    admission.unidentified(address);
    const missing = authorization === undefined ? 'is missing' : 'is not `Bearer <token>`';
    throw unauthenticated(callers, `The header \`Authorization\` ${missing}.`, 'Send a token: `fleet login` gets one.');
  }
  const caller = await callers
    .identify(token, () => admission.asking(address))
    .catch((error: unknown) => {
      if (!(error instanceof CallerRefused)) throw error;
      admission.unidentified(address);
      throw unauthenticated(callers, error.message, error.remedy);
    });
  admission.identified(caller);
  return caller;
}

/** Whether a token that was taken before still is. Throws GitHubError where GitHub does not say. */
export async function isStillTaken(callers: Callers, authorization: string | undefined): Promise<boolean> {
  try {
    await callers.identify(tokenOf(authorization) ?? '', () => undefined);
    return true;
  } catch (error) {
    if (error instanceof CallerRefused) return false;
    throw error;
  }
}

const tokenOf = (authorization: string | undefined): string | undefined =>
  /^(?:bearer|token) +([\x21-\x7e]+)$/i.exec(authorization?.trim() ?? '')?.[1];

/** RFC 6750's challenge; the two addresses are not secret, and a client cannot ask for them before it has a token. */
function unauthenticated({ login }: Callers, message: string, remedy: string): ApiError {
  const device = login === null ? '' : `, client_id="${login.clientId}", github="${login.webUrl}"`;
  return new ApiError('unauthenticated', message, remedy, {
    headers: { 'www-authenticate': `Bearer realm="flotilla"${device}` },
  });
}
