/** Characters of a path as RFC 3986 has them, in which every server reads the same segments. */
const PLAIN = /^(?:\/[A-Za-z0-9._~!$&'()*+,;=:@-]*|%(?!25|2[ef]|5c|00)[0-9a-f]{2})+$/i;
const UP_OR_HERE = /\/\.{1,2}(?=[/;]|$)/;
const QUERY = /^[\x21-\x7e]*$/;
/** Another account's key would be a way out of the box. */
const CREDENTIALS = /^(?:key|api[-_]?key|access[-_]?token|oauth[-_]?token|token)$/i;

/**
 * What the model's API is asked for.
 * @param base path of the API's address, without a slash at its end
 * @param asked origin-form of a request's target (RFC 9112, 3.2.1)
 * @returns null when it could lead out of the base
 */
export function modelPath(base: string, asked: string): string | null {
  const [, path = '', query] = /^([^?]*)(?:\?(.*))?$/s.exec(asked) ?? [];
  if (!PLAIN.test(path) || path.includes('//') || UP_OR_HERE.test(path)) return null;
  if (query === undefined) return `${base}${path}`;
  if (!QUERY.test(query) || query.includes('#')) return null;
  const kept = query.split('&').filter((pair) => !isCredential(pair.split('=')[0] ?? ''));
  return `${base}${path}${kept.length === 0 ? '' : `?${kept.join('&')}`}`;
}

function isCredential(name: string): boolean {
  try {
    return CREDENTIALS.test(decodeURIComponent(name.replaceAll('+', ' ')).trim());
  } catch {
    return true;
  }
}
