import { parse } from 'yaml';
import { childPath, loadEnvFile, pickEnvironment } from '../config.ts';
import { renderTerminalFault } from '../core/render/terminal-faults.ts';
import type { OperatorSettings } from '../core/settings/types.ts';
import { readOperatorSettings } from '../operator.ts';
import { probeSandbox } from '../platform/sandbox/probe.ts';
import { RehearseError } from '../rehearse/options.ts';
import type { RehearsalSandbox, RehearsalSettings } from '../rehearse/rehearsal-settings.ts';

/** The rest of an operator's file is about a server that others use. */
const TAKEN = ['agents', 'default_agent', 'box', 'sandbox'];

/** What a rehearsal takes of an operator's file. Throws RehearseError that names each fault with its line. */
export async function rehearsalSettings(file: string): Promise<RehearsalSettings> {
  loadEnvFile('.env');
  const read = await readOperatorSettings(file, '--settings').catch((error: Error) => {
    throw new RehearseError(error.message);
  });
  if (!read.ok) throw new RehearseError(read.faults.map((fault) => renderTerminalFault(fault, read.text)).join('\n\n'));
  const written: unknown = parse(read.text);
  const entries = typeof written === 'object' && written !== null ? Object.entries(written) : [];
  return {
    written: Object.fromEntries(entries.filter(([key]) => TAKEN.includes(key))),
    variables: pickEnvironment(variablesOf(read.value)),
  };
}

const variablesOf = ({ agents }: OperatorSettings): string[] =>
  Object.values(agents).flatMap(({ envFrom, modelApi }) => [
    ...envFrom,
    ...(modelApi === null ? [] : [modelApi.keyFrom]),
  ]);

/**
 * Whether there are boxes on this machine.
 * @param mode as the settings write it; without one a rehearsal runs without a box where there is none. Throws RehearseError
 * where the settings require one.
 */
export async function rehearsalSandbox(mode: unknown): Promise<RehearsalSandbox> {
  if (mode === 'off') {
    return { boxed: false, why: 'the settings say `sandbox: off`', remedy: 'Take `sandbox: off` out of the settings.' };
  }
  const found = await probeSandbox(childPath());
  if (!('problem' in found)) return { boxed: true };
  if (mode === 'required') {
    throw new RehearseError(`The settings require a sandbox, and ${found.problem}. ${found.remedy}`);
  }
  return { boxed: false, why: found.problem, remedy: found.remedy };
}

/** Loud: whoever reads the terminal reads it before anything ran. */
export const withoutSandbox = ({ why, remedy }: Extract<RehearsalSandbox, { boxed: false }>): string =>
  `WITHOUT A SANDBOX: commands and agents run with your rights and your network, in clones, as ${why}. ${remedy}`;
