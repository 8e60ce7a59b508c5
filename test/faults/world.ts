/** One run's GitHub, app and store, in one folder. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Failure } from '../../src/local-github/failure.ts';
import { freePort } from '../../src/rehearse/start-app.ts';
import { type GitHubDoor, openGitHubDoor } from '../github/github-door.ts';
import { startGitHub } from '../github/start-github.ts';
import { openStoreLook, type StoreLook } from '../github/store-look.ts';
import type { Armed } from './armed.ts';
import { REPOSITORIES, SETTINGS, seedFor } from './organization.ts';
import { type AppProcess, arm, readDeath, startApp } from './processes.ts';
import type { Scenario, Trouble } from './scenarios.ts';

export interface FaultsWorld {
  github: GitHubDoor;
  store: StoreLook;
  /** Where commands are given. */
  commandIssue: number;
  /** The app's next process, which dies at the first of these points that it meets. */
  startApp(armed: readonly Armed[]): AppProcess;
  /** The process that runs now dies at these points instead. */
  arm(armed: readonly Armed[]): void;
  /** At which point the last process killed itself. */
  death(): Armed | undefined;
  /** The base of every repository moves on. */
  moveBases(text: string): Promise<void>;
  /** GitHub does that from now on, until it is well again. */
  fail(trouble: Trouble): Promise<void>;
  beWell(): Promise<void>;
  /** Everything that the app's processes wrote. */
  log(): string;
  close(): Promise<void>;
}

const COMMENTS = '/repos/{owner}/{repo}/issues/{issue_number}/comments';
const FAILURES: Readonly<Record<Trouble, readonly Failure[]>> = {
  refused_pulls: [
    {
      route: 'POST /repos/{owner}/{repo}/pulls',
      mode: 'status',
      status: 422,
      body: { message: 'Validation Failed', errors: [{ message: 'a rule of this organization' }] },
      times: Number.MAX_SAFE_INTEGER,
    },
  ],
  doubled_comment: [
    { route: `POST ${COMMENTS}`, userAgent: 'flotilla', mode: 'after' },
    { route: `GET ${COMMENTS}`, userAgent: 'flotilla', mode: 'stale', times: 2 },
  ],
};

/** @param gitHubEnvironment of the local GitHub's process, besides what it needs */
export async function openWorld(
  folder: string,
  scenarios: readonly Scenario[],
  gitHubEnvironment: Readonly<Record<string, string>>,
): Promise<FaultsWorld> {
  mkdirSync(join(folder, 'data'), { recursive: true });
  const settingsFile = join(folder, 'operator.yml');
  writeFileSync(settingsFile, SETTINGS);
  const port = await freePort();
  const seed = seedFor(scenarios, `http://127.0.0.1:${port}/api/github/webhooks`);
  const { address, fail, beWell, stop } = await startGitHub(folder, seed, gitHubEnvironment);
  const github = openGitHubDoor(address);
  let last: AppProcess | undefined;
  return {
    github,
    store: openStoreLook(folder),
    commandIssue: 1,
    startApp(armed) {
      last = startApp({ folder, address, port, settingsFile }, armed);
      return last;
    },
    arm: (armed) => arm(folder, armed),
    log: () => readFileSync(join(folder, 'app.log'), 'utf8'),
    death: () => readDeath(folder),
    async moveBases(text) {
      for (const name of REPOSITORIES.app ?? []) await github.commit(name, 'BASE', text);
    },
    async fail(trouble) {
      for (const failure of FAILURES[trouble]) await fail(failure);
    },
    beWell,
    async close() {
      last?.kill();
      await last?.ended;
      await stop();
    },
  };
}
