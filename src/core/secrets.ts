import { formsOf } from './render/redact.ts';

/**
 * Shapes that their issuers document, where the rule set has none or only one that is too narrow.
 * Each matches in linear time: what is searched is hostile.
 */
const SHAPES: readonly (readonly [kind: string, shape: RegExp])[] = [
  // The first line of the key belongs to the value, so that a key in another's place is a new one.
  [
    'a private key',
    /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:[\s\\nr"',+;]{0,20}[A-Za-z0-9+/=]{1,80})?/g,
  ],
  ['a GitHub token', /(?:gh[pousr]_[A-Za-z0-9_]{30,255}|github_pat_[A-Za-z0-9_]{22,255})/g],
  // Without the one that AWS has in its documentation.
  ['an AWS access key', /\b(?:AKIA|ASIA)(?!IOSFODNN7EXAMPLE)[0-9A-Z]{16}\b/g],
  ['a Slack token', /\bxox[abcdeprs]-[0-9A-Za-z-]{10,255}/g],
  ['a Google API key', /\bAIza[0-9A-Za-z_-]{35}(?![0-9A-Za-z_-])/g],
  ["a model provider's key", /\b(?:sk-(?:ant|proj|svcacct|admin|or)-[\w-]{20,255}|xai-[0-9A-Za-z]{60,255})/g],
];

export interface ShapedSecret {
  kind: string;
  index: number;
  value: string;
}

/** Every place of `text` that has one of the shapes. */
export function shapedSecrets(text: string): ShapedSecret[] {
  return SHAPES.flatMap(([kind, shape]) =>
    [...text.matchAll(shape)].map(({ 0: value, index }) => ({ kind, index, value })),
  );
}

/** Shorter ones are words and numbers that stand in many files. */
const MIN_VALUE = 16;
const KIND = "a value that the operator's settings give to agents (`env_from`, `model_api`)";

/** Where one of the operator's values stands in `text`, as it is or encoded; not those that look like a name, a path or a URL. */
export function heldSecrets(text: string, values: readonly string[]): ShapedSecret[] {
  const secret = values.filter(
    (value) => value.length >= MIN_VALUE && /\d/.test(value) && /[a-z]/i.test(value) && !/^\/|:\/\//.test(value),
  );
  return formsOf(secret).flatMap((value) => {
    const index = text.indexOf(value);
    return index === -1 ? [] : [{ kind: KIND, index, value }];
  });
}

/** What is no UTF-8 byte by byte: tokens are ASCII. Without zeros, which stand between its letters in UTF-16. */
export function searchableText(content: Uint8Array): string {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const utf8 = bytes.toString('utf8');
  const text = (utf8.includes('\ufffd') ? bytes.toString('latin1') : utf8).replaceAll('\0', '');
  // The rule set takes it away itself, and would then count other places than we.
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** Adds the line to each, 1-based. */
export function withLines<Found extends { index: number }>(
  text: string,
  found: readonly Found[],
): (Found & { line: number })[] {
  let line = 1;
  let next = text.indexOf('\n');
  return [...found]
    .sort((a, b) => a.index - b.index)
    .map((one) => {
      while (next !== -1 && next < one.index) {
        line += 1;
        next = text.indexOf('\n', next + 1);
      }
      return { ...one, line };
    });
}
