import type { ConfiguredAgent } from './context.ts';

/** Variables whose values stand in every path and message, and are none of the operator's secrets. */
const PUBLIC: ReadonlySet<string> = new Set(['PATH', 'HOME', 'TMPDIR', 'LANG', 'USER', 'SHELL', 'TZ']);

/** Words, regions, numbers, paths and addresses, which stand in what commands say and in what they pass on. */
const PLAIN = /^(?:[a-z]+(?:[-_. ][a-z]+)*[-_]?\d{0,2}|\d{1,7}|\/.*|[a-z][a-z+.-]*:\/\/[^@]*)$/i;

/** Every value that the operator's settings name for agents and for their models' APIs; none twice. */
export function operatorSecrets(agents: Readonly<Record<string, ConfiguredAgent>>): string[] {
  const values = Object.values(agents).flatMap(({ env, modelApi }) => [
    ...Object.entries(env).flatMap(([name, value]) => (PUBLIC.has(name) || PLAIN.test(value) ? [] : [value])),
    // With what stands before the key in the header, and without.
    ...(modelApi === null ? [] : [modelApi.value, modelApi.value.replace(/^\S+\s+/, '')]),
  ]);
  return [...new Set(values)].filter((value) => value !== '');
}
