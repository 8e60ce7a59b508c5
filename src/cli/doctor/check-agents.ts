import { accessSync, constants } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { OperatorSettings } from '../../core/settings/types.ts';
import { findProgram } from '../../platform/sandbox/find-program.ts';
import { type Finding, ok, warning } from './finding.ts';

/** Only that their commands exist. @param path PATH of the server */
export function checkAgents({ agents, defaultAgent }: OperatorSettings, path: string): Finding[] {
  const check = 'agents';
  const names = Object.keys(agents);
  if (names.length === 0) return [ok(check, 'No agent is defined: workflows that ask one are refused.')];
  const missing = Object.entries(agents).filter(([, { command }]) => !exists(command, path));
  const remedy = 'Install it, or give `command` as an absolute path. `fleet agents check` starts each in its box.';
  if (missing.length > 0) {
    return missing.map(([name, { command }]) => warning(check, `The agent ${name}: there is no ${command}.`, remedy));
  }
  const chosen = defaultAgent === null ? '; none is the default' : '';
  return [
    ok(check, `Their commands exist: ${names.join(', ')}${chosen}. \`fleet agents check\` starts each in its box.`),
  ];
}

function exists(command: string, path: string): boolean {
  if (!isAbsolute(command)) return findProgram(command, path) !== null;
  try {
    accessSync(command, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
