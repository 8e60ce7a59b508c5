import { redact } from '../../core/render/redact.ts';
import { createRedactStream, type RedactStream, streamForms } from '../../core/render/redact-stream.ts';

const MIN_LENGTH = 8;
/** Variables whose values stand in every path and message, and are none of the operator's secrets. */
const PUBLIC = ['PATH', 'HOME', 'TMPDIR', 'LANG'];

/** Takes the operator's values out of whatever an agent says: its standard error likes to name the key that was refused. */
export interface Secrecy {
  /** The whole text, of which a secret may have been cut at the end. */
  text(text: string): string;
  /** JSON with every string and key in it redacted, so that it stays JSON. */
  json(value: unknown): string;
  stream(): RedactStream;
}

export function createSecrecy(request: { secrets: readonly string[]; env: Readonly<Record<string, string>> }): Secrecy {
  const known = new Set(PUBLIC.map((name) => request.env[name]));
  const secrets = request.secrets.filter((secret) => secret.length >= MIN_LENGTH && !known.has(secret));
  const forms = streamForms(secrets);
  const whole = (said: string): string => redact(said, secrets);

  const clean = (_key: string, value: unknown): unknown => {
    if (typeof value === 'string') return whole(value);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [whole(key), inner]));
  };

  return {
    text(said) {
      const cut = createRedactStream(forms);
      return cut.add(said) + cut.rest();
    },
    json: (value) => JSON.stringify(value, clean),
    stream: () => createRedactStream(forms),
  };
}
