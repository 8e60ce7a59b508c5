import type { ConfiguredAgent } from './context.ts';

/** Variables whose values stand in every path and message, and are none of the operator's secrets. */
const PUBLIC: ReadonlySet<string> = new Set(['PATH', 'HOME', 'TMPDIR', 'LANG', 'USER', 'SHELL', 'TZ']);

/** Every value that the operator's settings name for agents and for their models' APIs; none twice. */
export function operatorSecrets(agents: Readonly<Record<string, ConfiguredAgent>>): string[] {
  const values = Object.values(agents).flatMap(({ env, modelApi }) => [
    ...Object.entries(env).flatMap(([name, value]) => (PUBLIC.has(name) ? [] : [value])),
    // With what stands before the key in the header, and without.
    ...(modelApi === null ? [] : [modelApi.value, modelApi.value.replace(/^\S+\s+/, '')]),
  ]);
  return [...new Set(values)].filter((value) => value !== '');
}
