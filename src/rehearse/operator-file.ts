import { stringify } from 'yaml';
import type { AgentCommand } from './agent-in-box.ts';
import { RehearseError } from './options.ts';

/**
 * The operator's settings of a rehearsal: nothing waits for approval, because nothing outside can be touched.
 * @param written what an operator's file says of agents and their box; the agent of the command line goes before them
 */
export function operatorFile(agent: AgentCommand | null, written: Readonly<Record<string, unknown>> = {}): string {
  const { agents, ...rest } = written;
  const all = { ...(isRecord(agents) ? agents : {}), ...(agent === null ? {} : { [AGENT]: agent }) };
  return stringify(
    {
      confirm_over: 100_000,
      keep_workspaces: 'all',
      // Whoever rehearses runs workflows of their own; a machine without bubblewrap is told loudly.
      sandbox: 'optional',
      // What was rehearsed is there to be looked at; the last of the disk is left free all the same.
      disk: { workspaces: '1000TiB', mirrors: '1000TiB' },
      ...rest,
      ...(Object.keys(all).length === 0 ? {} : { agents: all }),
      ...(agent === null ? {} : { default_agent: AGENT }),
    },
    { aliasDuplicateObjects: false },
  );
}

/** Name of the command line's agent. */
const AGENT = 'rehearsal';

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const WORD = /(?:[^\s"']|"[^"]*"|'[^']*')+/g;

/** Splits a command line at spaces outside single and double quotes; nothing is expanded. Throws RehearseError. */
export function splitCommand(line: string): string[] {
  const words = line.match(WORD) ?? [];
  if (line.replace(WORD, '').trim() !== '') {
    throw new RehearseError(`--agent has a quote that is never closed: ${line}`);
  }
  if (words.length === 0) throw new RehearseError('--agent takes a command line, for example --agent "opencode acp".');
  return words.map((word) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? ''),
  );
}
