/** Shapes that their issuers document and that nothing else has; a match is a secret until a person says otherwise. */
const SHAPES: readonly (readonly [kind: string, shape: RegExp])[] = [
  ['a private key', /-----BEGIN (?:[A-Z]+ ){0,2}PRIVATE KEY-----/g],
  ['a GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9_]{30,255}|github_pat_[A-Za-z0-9_]{22,255})/g],
  ['an AWS access key', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g],
  ['a Slack token', /\bxox[abeprs]-[0-9A-Za-z-]{10,255}/g],
  ['a Google API key', /\bAIza[0-9A-Za-z_-]{35}\b/g],
  ['a Stripe key', /\b[rs]k_live_[0-9A-Za-z]{20,255}/g],
  ['an npm token', /\bnpm_[A-Za-z0-9]{36}\b/g],
  ["a model provider's key", /\bsk-(?:ant|proj)-[\w-]{20,255}/g],
];

export interface FoundSecret {
  kind: string;
  /** 1-based. */
  line: number;
}

/** The first secret of each kind that `after` has and `before` has not: what a change adds. Values are not in the answer. */
export function addedSecrets(before: string, after: string): FoundSecret[] {
  return SHAPES.flatMap(([kind, shape]) => {
    const known = new Set(before.match(shape));
    for (const { 0: value, index } of after.matchAll(shape)) {
      if (!known.has(value)) return [{ kind, line: lineAt(after, index) }];
    }
    return [];
  });
}

function lineAt(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < index; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}
