import { redact } from '../../core/render/redact.ts';

const MIN_LENGTH = 8;
const HIDDEN = '***';
/** Variables whose values stand in every path and message, and are none of the operator's secrets. */
const PUBLIC = ['PATH', 'HOME', 'TMPDIR', 'LANG'];

/** Text in pieces, of which a secret may begin in one and end in the next. */
export interface SecretStream {
  /** What can be shown by now; the beginning of what may become a secret is kept back. */
  add(piece: string): string;
  /** What was kept back, at the end; hidden where most of a secret may be in it. */
  rest(): string;
}

/** Takes the operator's values out of whatever an agent says: its standard error likes to name the key that was refused. */
export interface Secrecy {
  /** The whole text, of which a secret may have been cut at the end. */
  text(text: string): string;
  /** JSON with every string and key in it redacted, so that it stays JSON. */
  json(value: unknown): string;
  stream(): SecretStream;
}

export function createSecrecy(request: { secrets: readonly string[]; env: Readonly<Record<string, string>> }): Secrecy {
  const known = new Set(PUBLIC.map((name) => request.env[name]));
  const secrets = request.secrets.filter((secret) => secret.length >= MIN_LENGTH && !known.has(secret));
  const forms = secrets.flatMap((secret) => [
    secret,
    encodeURIComponent(secret.toWellFormed()),
    Buffer.from(secret).toString('base64'),
  ]);
  const whole = (said: string): string => redact(said, secrets);

  const clean = (_key: string, value: unknown): unknown => {
    if (typeof value === 'string') return whole(value);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [whole(key), inner]));
  };

  function stream(): SecretStream {
    let held = '';
    return {
      add(piece) {
        // Whole secrets go first: the end of one can look like the beginning of the next.
        const said = whole(held + piece);
        const start = startOfSecret(said, forms);
        held = said.slice(start);
        return said.slice(0, start);
      },
      rest() {
        const last = held.length < MIN_LENGTH ? held : HIDDEN;
        held = '';
        return last;
      },
    };
  }

  return {
    text(said) {
      const cut = stream();
      return cut.add(said) + cut.rest();
    },
    json: (value) => JSON.stringify(value, clean),
    stream,
  };
}

/** Where the longest end of `text` begins that could become one of `forms`; its length when there is none. */
function startOfSecret(text: string, forms: readonly string[]): number {
  const starts = forms.map((form) => {
    for (let start = Math.max(0, text.length - form.length + 1); start < text.length; start += 1) {
      if (form.startsWith(text.slice(start))) return start;
    }
    return text.length;
  });
  return Math.min(text.length, ...starts);
}
