import { join, resolve } from 'node:path';
import { setTimeout as timer } from 'node:timers/promises';
import { type Logger, pino } from 'pino';
import manifest from '../package.json' with { type: 'json' };
import { type ConfigFaults, loadEnvFile, type RunConfig, readConfig } from './config.ts';
import type { OperatorSettings } from './core/settings/types.ts';
import { formatFault } from './core/workflow/code-frame.ts';
import { createMetrics, type Metrics, type MetricsParts } from './edge/metrics/metrics.ts';
import { type ServedMetrics, serveMetrics } from './edge/metrics/serve-metrics.ts';
import { serve } from './edge/serve.ts';
import { startSetup } from './edge/setup.ts';
import { createFlotilla } from './flotilla.ts';
import {
  boxOptions,
  ENV_FILE,
  metricsToken,
  missingMetricsToken,
  missingModelKeys,
  missingNotifyVariables,
  notifierOf,
  readOperatorSettings,
  resolveAgents,
  sandboxOf,
  serverFiles,
} from './operator.ts';
import { lockDataDirectory } from './platform/data-lock.ts';
import { startGitProcess } from './platform/git/process/start-git-process.ts';
import { createCallers } from './platform/github/callers/create-callers.ts';
import { createGitHub } from './platform/github/create-github.ts';
import { makePrivateFolder } from './platform/private-folder.ts';
import { closeInheritedDescriptors } from './platform/process/inherited-descriptors.ts';
import type { BoxFacts } from './platform/sandbox/box-arguments.ts';
import { probeSandbox } from './platform/sandbox/probe.ts';
import type { GitHub } from './ports/github.ts';

import { openStore } from './store/sqlite/open.ts';

/** The process: configuration, lock, store, rooms, server; and the way back on SIGTERM or SIGINT. */
async function main(): Promise<number> {
  closeInheritedDescriptors();
  loadEnvFile(ENV_FILE);
  const config = readConfig();
  switch (config.mode) {
    case 'faults':
      return refuse(config);
    case 'setup': {
      const log = openLog(config.logLevel);
      const setup = await startSetup({ port: config.port, envFile: ENV_FILE, log });
      log.info(`Nothing is configured yet. Open ${setup.url}/probot to make the GitHub App, then start again.`);
      await stopSignal();
      await setup.close();
      return 0;
    }
    case 'run':
      return run(config);
  }
}

async function run(config: RunConfig): Promise<number> {
  const log = openLog(config.logLevel);
  const settings = await readSettings(config);
  if (settings === null) return 1;
  const missing = [missingModelKeys, missingNotifyVariables, missingMetricsToken].flatMap((of) => of(settings));
  for (const problem of missing) complain(problem);
  if (missing.length > 0) return 1;
  const found = await findBoxes(settings, config, log);
  if (found === null) return 1;
  const { facts } = found;
  const hidden = serverFiles(config);
  const sandbox = sandboxOf(settings, facts, log, hidden);

  const dataDir = resolve(config.dataDir);
  makePrivateFolder(dataDir, log);
  lockDataDirectory(dataDir);
  const store = await openStore({ file: join(dataDir, 'flotilla.db'), log });
  const clock = { now: Date.now };
  const metrics = await openMetrics(settings, { store, clock, boxed: sandbox.boxed });
  const instruments = metrics?.instruments;
  const github = createGitHub({ ...config, log, clock, instruments, timeoutMs: settings.effects.requestTimeoutMs });
  const callers = createCallers({ ...config, log, clock, github, settings: settings.api });
  const flotilla = await createFlotilla({
    store,
    github,
    callers,
    clock,
    log,
    settings,
    configuredAgents: resolveAgents(settings),
    dataDir,
    childPath: config.childPath,
    sandbox,
    workspaces: startGitProcess(
      {
        dataDir,
        webUrl: config.webUrl,
        gitTimeoutMs: settings.effects.gitTimeoutMs,
        sandbox: boxOptions(settings, facts, hidden),
      },
      { github, log },
    ),
    notifier: notifierOf(settings),
    instruments,
    pause: (ms, signal) => timer(ms, undefined, { signal }).catch(() => undefined),
  });
  if (!sandbox.boxed && settings.controlRepositories === null) log.warn(EVERYBODY);
  // First the port: a running engine would keep a process alive that could not listen.
  const servedMetrics = await listenForMetrics(settings, metrics, log);
  const token = metricsToken(settings);
  const onPort = metrics === null || token === null ? null : { metrics, token };
  const served = await serve({ ...config, log, app: flotilla.app, api: flotilla.api, metrics: onPort, instruments });
  flotilla.engine.start();
  log.info(`Flotilla listens on ${served.url}`);
  void tellCredentials(github, log);

  await stopSignal();
  log.info({ drainMs: settings.drainMs }, 'stopping: nothing new starts, what runs may go on for so long');
  await Promise.all([served.close(), flotilla.engine.drain(settings.drainMs)]);
  // Last: how a stop goes is what somebody may want to see.
  await servedMetrics?.close();
  await store.close();
  log.info('stopped: what was under way goes on at the next start');
  return 0;
}

/** null: the settings want none, and nothing is counted. */
async function openMetrics(
  settings: OperatorSettings,
  parts: Pick<MetricsParts, 'store' | 'clock' | 'boxed'>,
): Promise<Metrics | null> {
  return settings.metrics === null
    ? null
    : createMetrics({ ...parts, settings, version: manifest.version, ofProcess: true });
}

async function listenForMetrics(
  settings: OperatorSettings,
  metrics: Metrics | null,
  log: Logger,
): Promise<ServedMetrics | undefined> {
  const listen = settings.metrics?.listen ?? null;
  if (metrics === null || listen === null) return undefined;
  const served = await serveMetrics(listen, { metrics, log });
  log.info(`Metrics are at ${served.url}`);
  return served;
}

/** Wrong credentials would show only later, as people who seem to have no permission. */
async function tellCredentials(github: GitHub, log: Logger): Promise<void> {
  try {
    const { slug } = await github.identity();
    log.info({ app: slug }, 'GitHub knows this app');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    log.error(`GitHub does not answer this app as it should: check APP_ID, the private key and GHE_HOST. ${why}`);
  }
}

async function readSettings(config: RunConfig): Promise<OperatorSettings | null> {
  const read = await readOperatorSettings(config.settingsFile);
  if (read.ok) return read.value;
  for (const fault of read.faults) complain(formatFault(fault, read.text));
  return null;
}

/** null: there must be one, and there is none; the reason was told. */
async function findBoxes(
  { sandbox: mode }: OperatorSettings,
  config: RunConfig,
  log: Logger,
): Promise<{ facts: BoxFacts | null } | null> {
  const found = mode === 'off' ? null : await probeSandbox(config.childPath);
  const missing = found !== null && 'problem' in found ? found : null;
  if (missing !== null && mode === 'required') {
    complain(`There is no sandbox for workflows and agents: ${missing.problem}. ${missing.remedy}`);
    complain(
      'Only where every workflow, repository and commenter is trusted: `sandbox: off` in the file of FLEET_SETTINGS.',
    );
    return null;
  }
  const why = missing === null ? '`sandbox: off`' : missing.problem;
  const facts = found === null || 'problem' in found ? null : found;
  if (facts === null) log.warn(`${why}: workflows and agents run WITHOUT A SANDBOX, with the rights of this process`);
  else if (process.getuid?.() === 0) log.warn(AS_ROOT);
  return { facts };
}

const AS_ROOT =
  'This process is root: run it as an ordinary user. A command of root can change the modes of the devices of this machine ' +
  'that every box has, such as /dev/null, and the kernel does not limit its number of processes';

const EVERYBODY =
  'Without a sandbox and without control_repositories, everybody who can write to any repository with this app runs ' +
  'commands as this process. Name the repositories whose writers you trust under control_repositories in the file of ' +
  'FLEET_SETTINGS';

function refuse({ faults }: ConfigFaults): number {
  for (const { variable, problem, remedy } of faults) complain(`${variable} ${problem}. ${remedy}`);
  return 1;
}

function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Written at once, so that nothing is lost at the exit. */
const openLog = (level: string) => pino({ level }, pino.destination({ dest: 1, sync: true }));

/** The second signal ends at once. */
function stopSignal(): Promise<void> {
  return new Promise((stopped) => {
    const stop = () => {
      process.once('SIGTERM', () => process.exit(1));
      process.once('SIGINT', () => process.exit(1));
      stopped();
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
  });
}

// What is made is for this user alone: the key in .env, the database, logs and clones of private repositories.
process.umask(0o077);
const status = await main().catch((error: unknown) => {
  complain(error instanceof Error ? error.message : String(error));
  return 1;
});
// Not by running out of work: a child that hangs would keep this process, and what it writes would meet the next one's.
// The data directory's lock is held to the very end, when the operating system frees it.
process.exit(status);
