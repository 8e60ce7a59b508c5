import { execa } from 'execa';
import manifest from '../../../package.json' with { type: 'json' };
import type { OperatorSettings } from '../../core/settings/types.ts';
import { findProgram } from '../../platform/sandbox/find-program.ts';
import { probeSandbox } from '../../platform/sandbox/probe.ts';
import { type Finding, fault, ok, warning } from './finding.ts';

/** The first that knows GIT_CONFIG_GLOBAL, without which a configuration of the server's user would be read. */
const LEAST_GIT = [2, 32] as const;
const TIMEOUT_MS = 10_000;

/** Node, git and the sandbox. @param path PATH of the server */
export async function checkMachine(settings: OperatorSettings | null, path: string): Promise<Finding[]> {
  return [checkNode(process.versions.node), ...(await checkGit(path)), ...(await checkSandbox(settings, path))];
}

export function checkNode(version: string): Finding {
  const least = Number(/\d+/.exec(manifest.engines.node)?.[0]);
  if (Number(version.split('.')[0]) >= least) return ok('node', `Node ${version}`);
  return fault('node', `Node ${version} is older than ${least}.`, '`npm ci` in the checkout brings the right one.');
}

async function checkGit(path: string): Promise<Finding[]> {
  const program = findProgram('git', path);
  if (program === null)
    return [fault('git', "git is not on the server's PATH.", 'Debian, Ubuntu: apt-get install git')];
  const said = await execa(program, ['--version'], { reject: false, timeout: TIMEOUT_MS, extendEnv: false });
  return [judgeGit(said.stdout)];
}

/** @param said what `git --version` printed */
export function judgeGit(said: string): Finding {
  const [, major, minor] = /(\d+)\.(\d+)/.exec(said) ?? [];
  if (major === undefined) return fault('git', 'git does not tell its version.', 'Install git again.');
  const recent = Number(major) > LEAST_GIT[0] || (Number(major) === LEAST_GIT[0] && Number(minor) >= LEAST_GIT[1]);
  if (recent) return ok('git', said.trim());
  return fault('git', `${said.trim()} is older than ${LEAST_GIT.join('.')}.`, 'Install a newer git.');
}

async function checkSandbox(settings: OperatorSettings | null, path: string): Promise<Finding[]> {
  const mode = settings?.sandbox ?? 'required';
  const rights = 'every workflow and agent has the rights of the server';
  if (mode === 'off') {
    return [
      warning('sandbox', `\`sandbox: off\`: ${rights}.`, 'Take it out of the settings file: docs/guides/sandbox.md.'),
    ];
  }
  const found = await probeSandbox(path);
  if (!('problem' in found)) return [ok('sandbox', 'bubblewrap makes boxes here.'), ...asRoot()];
  const say = mode === 'required' ? fault : warning;
  const then = mode === 'required' ? 'the server does not start' : rights;
  return [say('sandbox', `${found.problem}: ${then}.`, found.remedy)];
}

function asRoot(): Finding[] {
  if (process.getuid?.() !== 0) return [];
  const remedy =
    'Where the server runs as another user, run the doctor as that one too; where it does not, make it one.';
  return [warning('user', 'This is root, and what is said of boxes and files holds for root alone.', remedy)];
}
