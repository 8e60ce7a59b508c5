import { cleanLines } from '../core/render/terminal-text.ts';
import type { AgentDefinition } from '../core/settings/types.ts';
import type { CheckedAgent } from '../platform/agent/check-agent.ts';

export interface ShownAgent extends CheckedAgent {
  /** In the settings. */
  name: string;
  /** Variables of `env_from` that the environment does not have. */
  unset: readonly string[];
}

const MOST_SHOWN = 12;

/** Seen with these agents; whether another one tells shows in a prompt's answer only. */
const REPORTS: Readonly<Record<string, string>> = {
  OpenCode: 'cost, and tokens of its last answer (seen with 1.18.33)',
  'gemini-cli': 'tokens; no cost: `prices` can fill it (seen with 0.61.0)',
};

/** What a terminal shows of one agent. */
export function agentLines(shown: ShownAgent, definition: AgentDefinition): string[] {
  const { name, agent, protocolVersion, model, models, modes, logins, unset, problem } = shown;
  const known = Object.entries(REPORTS).find(([known]) => agent?.startsWith(`${known} `))?.[1];
  const row = (label: string, text: string): string[] => (text === '' ? [] : [`  ${label.padEnd(10)}${text}`]);
  const facts = [
    ...row('model', model === null ? '' : `${model}${definition.model === null ? " (the agent's own default)" : ''}`),
    ...row('models', listed(models)),
    ...row('modes', listed(modes)),
    ...row('login', logins.length === 0 ? '' : `${problem === null ? 'not needed; ' : ''}it offers ${listed(logins)}`),
    ...row('reports', known ?? ''),
    ...row('reaches', reaches(definition)),
    ...row('not set', unset.length === 0 ? '' : `${unset.join(', ')} of \`env_from\``),
  ];
  const self = agent === null ? '' : `${agent}, protocol ${protocolVersion ?? 'unknown'}`;
  const lines =
    problem === null
      ? [`✓ ${name}  ${self}`, ...facts]
      : [
          `✗ ${name}  ${self === '' ? 'did not start' : self}`,
          ...problem.what.split('\n').map((line) => `  ${line}`),
          ...row('remedy', remedyFor(problem.kind)),
          ...facts,
        ];
  return lines.map(cleanLines);
}

/** What to do; empty where the problem says it. */
export function remedyFor(kind: NonNullable<CheckedAgent['problem']>['kind']): string {
  switch (kind) {
    case 'not_found':
      return "In its box are the system's programs and what `read` names: give `command` as an absolute path and its folder in `read`.";
    case 'silent':
      return 'It may wait for a host that it does not reach (`network`), or for an answer on a terminal: docs/guides/agents.md.';
    case 'other':
      return '';
  }
}

function reaches({ network, modelApi }: AgentDefinition): string {
  const hosts = [...(modelApi === null ? [] : [`${modelApi.url} with the key of ${modelApi.keyFrom}`]), ...network];
  return hosts.length === 0 ? 'no host of its own' : hosts.join(', ');
}

function listed(names: readonly string[]): string {
  if (names.length <= MOST_SHOWN) return names.join(', ');
  return `${names.slice(0, MOST_SHOWN).join(', ')} and ${names.length - MOST_SHOWN} more`;
}
