export const HIDDEN = '***';

/**
 * Shapes of credentials; GitHub's tokens are not bound to a length, installation tokens outgrew 40 characters.
 * Outputs are hostile and long: where a start can be tried in many places, what follows it is bounded or always matches.
 */
const SHAPES: readonly (readonly [RegExp, string | ((match: string) => string)])[] = [
  [
    /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,80}-----|$)/g,
    HIDDEN,
  ],
  [/(?:gh[pousr]_|github_pat_)[A-Za-z0-9_][A-Za-z0-9_.-]*/g, HIDDEN],
  [/\bx-access-token:[^\s@"']+/gi, `x-access-token:${HIDDEN}`],
  // Not the `git@` of a URL, which outputs hold as data for what follows.
  [/(?<=:\/\/)(?!git@)[^\s/@"']+@/g, `${HIDDEN}@`],
  [/\b(authorization["']?\s*[:=]\s*["']?(?:bearer|basic|token)\s+)[^\s"']+/gi, `$1${HIDDEN}`],
  [/\b(bearer|basic)(\s+)(?=[^\s]*\d)[A-Za-z0-9._~+/=-]{12,}/gi, `$1$2${HIDDEN}`],
  [/\beyJ[\w-]{8,}(?:\.[\w-]*)*/g, (match) => (/\.[\w-]{8}/.test(match) ? HIDDEN : match)],
  [/\bsk-[\w-]{16,}/g, HIDDEN],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, HIDDEN],
  [/\bxox[abcdeoprs]-[\w-]{8,}/g, HIDDEN],
  [/\bAIza[\w-]{35,}/g, HIDDEN],
  [/(?<=\bhooks\.slack\.com\/services\/)[\w/]+/gi, HIDDEN],
  [/\b(_authToken=)(?!\$)[^\s"']{8,}/g, `$1${HIDDEN}`],
  [/(secret_?access_?key["']?\s{0,9}(?:=>|[:=])\s{0,9}["']?)[A-Za-z0-9/+=]{40}/gi, `$1${HIDDEN}`],
  // Of the issuers that the rule set for changes knows, those whose tokens begin with a word of their own.
  [
    /\b(?:glpat-|glc_|glsa_|npm_|hf_|gsk_|xai-|lin_api_|ntn_|figd_|dapi|dckr_pat_|tskey-|ops_ey|shp(?:at|ca|pa|ss)_|[rs]k_(?:live|test)_|vc[piakr]_|cf(?:k|ut|at)_|hv[sbr]\.|SG\.)[\w.+/=-]{20,}/g,
    HIDDEN,
  ],
];

/** Hides credentials by their shape, and the given values in plain, URL-encoded and base64 form. */
export function redact(text: string, secrets: readonly string[] = []): string {
  let redacted = hideForms(text, formsOf(secrets));
  for (const [shape, replacement] of SHAPES) {
    redacted =
      typeof replacement === 'string' ? redacted.replace(shape, replacement) : redacted.replace(shape, replacement);
  }
  return withoutKeyEnds(redacted);
}

/** @param forms as `formsOf` orders them */
export function hideForms(text: string, forms: readonly string[]): string {
  return forms.reduce((hidden, form) => hidden.replaceAll(form, HIDDEN), text);
}

/** Longest first, so that a value that contains another leaves no rest; very short ones would blot out prose. */
export function formsOf(secrets: readonly string[]): string[] {
  return secrets
    .filter((secret) => secret.length >= 4)
    .flatMap((secret) => [secret, encodeURIComponent(secret.toWellFormed()), Buffer.from(secret).toString('base64')])
    .sort((a, b) => b.length - a.length);
}

const KEY_END = /^-----END (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----/m;
const KEY_LINE = /^[A-Za-z0-9+/=]{16,}\r?$/;

/** The lines of a key whose beginning was cut off, back from its last one. */
function withoutKeyEnds(text: string): string {
  if (!KEY_END.test(text)) return text;
  const kept: string[] = [];
  for (const line of text.split('\n')) {
    const end = KEY_END.exec(line);
    if (end === null || !KEY_LINE.test(kept.at(-1) ?? '')) {
      kept.push(line);
      continue;
    }
    while (KEY_LINE.test(kept.at(-1) ?? '')) kept.pop();
    kept.push(...(kept.length === 0 ? [''] : []), `${HIDDEN}${line.slice(end[0].length)}`);
  }
  return kept.join('\n');
}
