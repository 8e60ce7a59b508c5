import { chmod, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makePrivateFolder } from '../local-github/private-files.ts';
import { type LocalGitHub, startLocalGitHub } from '../local-github/server.ts';
import type { BundledWorkflows } from '../ports/bundled-workflows.ts';
import type { FleetWatch, WatchedFleet } from '../ports/fleet-watch.ts';
import { type AgentCommand, agentInBox } from './agent-in-box.ts';
import { buildSeed } from './build-seed.ts';
import { chooseWorkflow } from './choose-workflow.ts';
import { dataFolder } from './data-folder.ts';
import { followFleet } from './follow-fleet.ts';
import { commandText, giveCommand } from './give-command.ts';
import { operatorFile, splitCommand } from './operator-file.ts';
import { RehearseError, type RehearseOptions } from './options.ts';
import { fromFolder, type ReadBeside, readBeside } from './read-beside.ts';
import { readFolder } from './read-folder.ts';
import { freePort, type StartedApp, startApp } from './start-app.ts';

export interface RehearseParts {
  bundled: BundledWorkflows;
  /** Opens the store of the started app for reading. */
  openWatch(dataDir: string): Promise<FleetWatch>;
  /** PATH of the workflows' commands. */
  path: string;
  /** Something that the person should read. */
  say(line: string): void;
  onChange(fleet: WatchedFleet): void;
  /** Aborts when the person wants to stop. */
  signal: AbortSignal;
}

export interface Rehearsal {
  /** undefined: stopped before there was one. */
  fleet: WatchedFleet | undefined;
  gitHubUrl: string;
  /** Everything of the rehearsal: clones, logs, the local GitHub. */
  folder: string;
}

/**
 * Serves copies of the folder's repositories from a local GitHub, starts the app against it and gives the command as a
 * person would. `stay` is awaited while everything is up. Throws RehearseError when a person can do something about it.
 */
export async function rehearse(
  options: RehearseOptions,
  parts: RehearseParts,
  stay: (rehearsal: Rehearsal) => Promise<void>,
): Promise<Rehearsal> {
  const folderFacts = await readFolder(options.folder, options.tags, parts.say);
  const { organization, sender, control, repositories: found, file, tagged } = folderFacts;
  const dirty = found.filter(({ uncommitted }) => uncommitted).map(({ name }) => name);
  if (dirty.length > 0) parts.say(`Uncommitted changes are left out (HEAD is copied): ${dirty.join(', ')}.`);
  const bundled = await parts.bundled.text(options.workflow);
  const workflow = await chooseWorkflow(options.workflow, bundled, tagged, control, options.words);
  if (workflow.notice !== null) parts.say(workflow.notice);
  const beside =
    workflow.text === null ? {} : await readBeside(workflow.text, besideOf(options.workflow, bundled, parts));

  const folder = await dataFolder(options.data);
  const appPort = await freePort();
  const gitHub = await startGitHub(join(folder, 'github'), options.port);
  let app: StartedApp | undefined;
  try {
    await gitHub.seed(
      buildSeed({
        organization,
        sender,
        control,
        repositories: found,
        file,
        tagRules: options.tags,
        workflow,
        beside,
        app: { webhookUrl: `http://127.0.0.1:${appPort}/api/github/webhooks` },
      }),
    );
    app = await startTheApp(gitHub, folder, appPort, options, parts.path);
    if (options.sandbox.boxed)
      parts.say('Commands and agents run in boxes, in clones; your repositories are not touched.');
    const command = await giveCommand({
      gitHubUrl: gitHub.url,
      control: `${organization}/${control}`,
      token: gitHub.tokens[sender] ?? '',
      text: commandText(workflow.name, options.words),
    });
    const watch = await parts.openWatch(join(folder, 'app'));
    try {
      const { signal, onChange } = parts;
      const fleet = await followFleet({ watch, command, appEnded: app.ended, signal, onChange, once: options.once });
      const rehearsal = { fleet, gitHubUrl: gitHub.url, folder };
      await stay(rehearsal);
      return rehearsal;
    } finally {
      await watch.close();
    }
  } finally {
    await app?.stop();
    await gitHub.close();
  }
}

/** A bundled workflow's files are bundled; those of a file are in its folder. */
function besideOf(workflow: string, bundled: string | undefined, parts: RehearseParts): ReadBeside {
  if (bundled !== undefined) return (path) => parts.bundled.file(path);
  return fromFolder(dirname(workflow));
}

async function startGitHub(dataDir: string, port: number): Promise<LocalGitHub> {
  return startLocalGitHub({ dataDir, port }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new RehearseError(`Port ${port} is in use; give another --port, or none for any that is free.`);
  });
}

async function startTheApp(
  gitHub: LocalGitHub,
  folder: string,
  port: number,
  { agent, settings, sandbox }: RehearseOptions,
  path: string,
): Promise<StartedApp> {
  const dataDir = join(folder, 'app');
  await makePrivateFolder(dataDir, []);
  const settingsFile = join(folder, 'operator.yml');
  const words = agent === null ? null : splitCommand(agent);
  const command = words === null ? null : await agentCommand(words, sandbox.boxed ? path : null);
  await writeFile(settingsFile, operatorFile(command, settings?.written), { mode: 0o600 });
  await chmod(settingsFile, 0o600);
  return startApp({
    port,
    gitHubUrl: gitHub.url,
    appId: gitHub.app.id,
    privateKeyFile: gitHub.app.privateKeyFile,
    webhookSecret: gitHub.app.webhookSecret,
    dataDir,
    settingsFile,
    logFile: join(folder, 'app.log'),
    path,
    variables: settings?.variables ?? {},
  });
}

/** @param path of the programs that a box is to have; null: there is none, and the command stays as it was given */
function agentCommand(words: readonly string[], path: string | null): Promise<AgentCommand> {
  const [command = '', ...args] = words;
  return path === null ? Promise.resolve({ command, args, read: [] }) : agentInBox(words, path);
}
