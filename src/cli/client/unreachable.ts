import { NoAnswer } from './client-error.ts';

/** What of an address a person can check, by the code of the fault. */
const CHECKS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing listens there: check the port, and whether the server runs.',
  ENOTFOUND: 'There is no such host: check the name in --server or FLEET_URL.',
  EAI_AGAIN: 'The name could not be looked up: check the network.',
  ECONNRESET: 'The connection was cut: check whether the server runs, and a proxy before it.',
  UND_ERR_SOCKET: 'The connection was cut: check whether the server runs, and a proxy before it.',
  UND_ERR_CONNECT_TIMEOUT: 'Nothing answers there: check the network, a firewall, and whether a VPN is needed.',
  ETIMEDOUT: 'Nothing answers there: check the network, a firewall, and whether a VPN is needed.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'Its certificate is of no known authority: name yours in NODE_EXTRA_CA_CERTS.',
  SELF_SIGNED_CERT_IN_CHAIN: 'Its certificate is of no known authority: name yours in NODE_EXTRA_CA_CERTS.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'Its certificate is of no known authority: name yours in NODE_EXTRA_CA_CERTS.',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'Its certificate is of no known authority: name yours in NODE_EXTRA_CA_CERTS.',
  CERT_HAS_EXPIRED: 'Its certificate has expired: ask whoever runs the server.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'Its certificate is for another name: check the address.',
  EPROTO: 'It does not speak TLS there: check the port, and https in the address.',
  ERR_SSL_WRONG_VERSION_NUMBER: 'It does not speak TLS there: check the port, and https in the address.',
};

/** Of a request that got no answer; `error` is what `fetch` threw. */
export function unreachable(address: string, error: unknown): NoAnswer {
  const code = codeOf(error);
  const check = CHECKS[code] ?? 'Check the address, the network, and whether the server runs.';
  return new NoAnswer(`${address} does not answer (${code}).`, check, { cause: error });
}

function codeOf(error: unknown): string {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    if (at instanceof AggregateError && at.errors[0] instanceof Error) return codeOf(at.errors[0]);
    if (at.name === 'TimeoutError') return 'ETIMEDOUT';
  }
  return 'no answer';
}
