import { statSync } from 'node:fs';
import { keyFileOf, pickEnvironment, type RunConfig, readConfig, settingsFileOf } from '../../config.ts';
import { renderTerminalFault } from '../../core/render/terminal-faults.ts';
import type { OperatorSettings } from '../../core/settings/types.ts';
import { ENV_FILE, missingModelKeys, missingNotifyVariables, readOperatorSettings } from '../../operator.ts';
import { type Finding, fault, ok, warning } from './finding.ts';

export interface Configured {
  findings: Finding[];
  /** null: the server would not start with it. */
  config: RunConfig | null;
  settings: OperatorSettings | null;
}

/** The server's variables and the operator's file, as the server would read them here and now. */
export async function checkConfiguration(): Promise<Configured> {
  const read = readConfig();
  const variables = read.mode === 'run' ? [ok('configuration', 'The variables are in order.')] : faultsOf(read);
  const { findings, settings } = await checkSettings();
  return {
    findings: [...variables, ...privateFiles(), ...findings],
    config: read.mode === 'run' ? read : null,
    settings,
  };
}

function faultsOf(read: Exclude<ReturnType<typeof readConfig>, RunConfig>): Finding[] {
  if (read.mode === 'faults') {
    return read.faults.map(({ variable, problem, remedy }) =>
      fault('configuration', `${variable} ${problem}.`, remedy),
    );
  }
  const remedy = `Run it in the server's folder, where ${ENV_FILE} is, or with the server's variables; without an app, \`npm start\` makes one.`;
  return [fault('configuration', 'APP_ID and the private key are not set here.', remedy)];
}

/** Keys that other users of the machine can read. */
function privateFiles(): Finding[] {
  return [ENV_FILE, keyFileOf()].flatMap((path) => {
    const mode = path === null ? undefined : statSync(path, { throwIfNoEntry: false })?.mode;
    if (mode === undefined || (mode & 0o077) === 0) return [];
    return [warning('private-files', `${path} can be read by other users of this machine.`, `chmod 600 ${path}`)];
  });
}

async function checkSettings(): Promise<{ findings: Finding[]; settings: OperatorSettings | null }> {
  const check = 'settings';
  const file = settingsFileOf();
  try {
    const read = await readOperatorSettings(file);
    if (!read.ok) {
      const faults = read.faults.map((one) =>
        fault(check, renderTerminalFault(one, read.text), 'Correct the file; docs/guides/settings.md has every key.'),
      );
      return { findings: faults, settings: null };
    }
    const keyless = [...missingModelKeys(read.value), ...missingNotifyVariables(read.value)].map((problem) =>
      fault(check, problem, 'The server does not start without it.'),
    );
    const findings = [...keyless, ...unsetVariables(read.value)];
    const said = file === null ? 'No settings file is named: the defaults hold.' : `${file} is in order.`;
    return { findings: findings.length === 0 ? [ok(check, said)] : findings, settings: read.value };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { findings: [fault(check, why, 'The server does not start without it.')], settings: null };
  }
}

function unsetVariables({ agents }: OperatorSettings): Finding[] {
  return Object.entries(agents).flatMap(([name, { envFrom }]) => {
    const set = pickEnvironment(envFrom);
    const unset = envFrom.filter((variable) => !(variable in set));
    if (unset.length === 0) return [];
    const what = `\`env_from\` of the agent ${name} names what is not set here: ${unset.join(', ')}.`;
    return [warning('settings', what, 'Set it for the server, or take it out.')];
  });
}
