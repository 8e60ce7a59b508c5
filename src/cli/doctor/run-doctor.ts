import { childPath, dataDirectory, loadEnvFile } from '../../config.ts';
import { ENV_FILE } from '../../operator.ts';
import { closeInheritedDescriptors } from '../../platform/process/inherited-descriptors.ts';
import { checkAgents } from './check-agents.ts';
import { checkConfiguration } from './check-configuration.ts';
import { checkDataFolder } from './check-data-folder.ts';
import { checkGitHub } from './check-github.ts';
import { checkMachine } from './check-machine.ts';
import { checkServer } from './check-server.ts';
import type { Finding } from './finding.ts';
import { findingLines, shownFinding } from './finding-lines.ts';

export interface DoctorFlags {
  json: boolean;
}

/** Looks at everything that a server needs and changes nothing. Exit status: 0 when no fault was found, else 1. */
export async function runDoctor({ json }: DoctorFlags): Promise<number> {
  closeInheritedDescriptors();
  loadEnvFile(ENV_FILE);
  const all: Finding[] = [];
  let secrets: string[] = [];
  const tell = (findings: readonly Finding[]): void => {
    const shown = findings.map((finding) => shownFinding(finding, secrets));
    all.push(...shown);
    if (!json) for (const line of shown.flatMap(findingLines)) process.stdout.write(`${line}\n`);
  };

  const { findings, config, settings } = await checkConfiguration();
  if (config !== null) secrets = [config.webhookSecret];
  tell(findings);
  tell(await checkMachine(settings, childPath()));
  const data = await checkDataFolder(dataDirectory(), settings?.disk ?? null);
  tell(data.findings);
  if (settings !== null) tell(checkAgents(settings, childPath()));
  if (config !== null) {
    tell([await checkServer(config, data.holder)]);
    tell(await checkGitHub(config));
  }

  const faults = all.filter(({ state }) => state === 'fault').length;
  const warnings = all.filter(({ state }) => state === 'warning').length;
  if (json) process.stdout.write(`${JSON.stringify({ ok: faults === 0, faults, warnings, findings: all })}\n`);
  else process.stdout.write(`${summary(faults, warnings)}\n`);
  return faults === 0 ? 0 : 1;
}

function summary(faults: number, warnings: number): string {
  const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
  if (faults + warnings === 0) return '\nNothing is wrong.';
  return `\n${faults === 0 ? 'No faults' : count(faults, 'fault')}, ${count(warnings, 'warning')}.`;
}
