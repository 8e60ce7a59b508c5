const HIDDEN = '***';

/** Shapes of credentials; GitHub's tokens are not bound to a length, installation tokens outgrew 40 characters. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(?:-----END [A-Z0-9 ]+-----|$)/g, HIDDEN],
  [/(?:^|\n)(?:[A-Za-z0-9+/=]{16,}\r?\n)+-----END [A-Z0-9 ]+-----/g, `\n${HIDDEN}`],
  [/(?:gh[pousr]_|github_pat_)[A-Za-z0-9_][A-Za-z0-9_.-]*/g, HIDDEN],
  [/\bx-access-token:[^\s@"']+/gi, `x-access-token:${HIDDEN}`],
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@"']+@/gi, `$1${HIDDEN}@`],
  [/\b(authorization["']?\s*[:=]\s*["']?(?:bearer|basic|token)\s+)[^\s"']+/gi, `$1${HIDDEN}`],
  [/\b(bearer|basic)(\s+)(?=[^\s]*\d)[A-Za-z0-9._~+/=-]{12,}/gi, `$1$2${HIDDEN}`],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, HIDDEN],
  [/\bsk-[\w-]{16,}/g, HIDDEN],
  [/\bAKIA[0-9A-Z]{16}\b/g, HIDDEN],
  [/\bxox[abprs]-[\w-]{8,}/g, HIDDEN],
];

/** Hides credentials by their shape, and the given values in plain, URL-encoded and base64 form. */
export function redact(text: string, secrets: readonly string[] = []): string {
  let redacted = text;
  for (const form of formsOf(secrets)) redacted = redacted.replaceAll(form, HIDDEN);
  for (const [shape, replacement] of SHAPES) redacted = redacted.replace(shape, replacement);
  return redacted;
}

/** Longest first, so that a value that contains another leaves no rest; very short ones would blot out prose. */
function formsOf(secrets: readonly string[]): string[] {
  return secrets
    .filter((secret) => secret.length >= 4)
    .flatMap((secret) => [secret, encodeURIComponent(secret.toWellFormed()), Buffer.from(secret).toString('base64')])
    .sort((a, b) => b.length - a.length);
}
