import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Seed } from '../../src/local-github/seed/seed.ts';
import { freePort, startApp } from '../../src/rehearse/start-app.ts';
import { openGitHubDoor } from '../../test/github/github-door.ts';
import { type GitHubAddress, type RequestSeen, startGitHub } from '../../test/github/start-github.ts';
import { openStoreLook } from '../../test/github/store-look.ts';
import { cpuMs, peakMiB, residentMiB } from './cpu.ts';

/** A look opens the database, on the cores that are measured; when a run ended is read from its rows. */
const LOOK_MS = 500;
const LONGEST_MS = 30 * 60_000;

/** What one command came to. */
interface FleetRun {
  /** From the comment until the last thing was done and told. */
  wallMs: number;
  /** Of the app and of every program that it started; undefined where that is not known. */
  appCpuMs: number | undefined;
  gitHubCpuMs: number | undefined;
  /** What the app asked of GitHub. */
  requests: readonly RequestSeen[];
}

/** The app as it ships and the local GitHub, each a process of its own, as a server and GitHub are. */
export interface BenchWorld {
  folder: string;
  address: GitHubAddress;
  gitHubPid: number;
  /** Of the app. */
  webhookUrl: string;
  appPid(): number;
  /** The app stops, and starts again when that is done. */
  restart(meanwhile: () => Promise<void>): Promise<void>;
  /** Gives a command on the issue of the control repository. */
  run(command: string): Promise<FleetRun>;
  /** Memory in MiB that the app holds. */
  appResidentMiB(): number | undefined;
  /** The most of it since its start. */
  appPeakMiB(): number | undefined;
  close(): Promise<void>;
}

/**
 * @param options.seed of the local GitHub, with `platform` of `acme` as control repository; its webhooks are told where the app is
 * @param options.settings the operator's file
 */
export async function openWorld(options: { seed: Seed; settings: string }): Promise<BenchWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-bench-'));
  const dataDir = join(folder, 'data');
  const settingsFile = join(folder, 'operator.yml');
  mkdirSync(dataDir);
  writeFileSync(settingsFile, options.settings);
  const port = await freePort();
  const webhook_url = `http://127.0.0.1:${port}/api/github/webhooks`;
  const github = await startGitHub(folder, { ...options.seed, app: { ...options.seed.app, webhook_url } });
  const { address, pid: gitHubPid } = github;
  const start = () =>
    startApp({
      port,
      gitHubUrl: address.url,
      appId: address.appId,
      privateKeyFile: address.privateKeyFile,
      webhookSecret: address.webhookSecret,
      dataDir,
      settingsFile,
      logFile: join(folder, 'app.log'),
      path: process.env.PATH ?? '',
      variables: {},
    });
  let app = await start().catch(async (error: unknown) => {
    await github.stop();
    throw error;
  });
  const appPid = (): number => app.pid ?? 0;
  const door = openGitHubDoor(address);
  const store = openStoreLook(folder);
  const used = () => ({ app: cpuMs(appPid()), gitHub: cpuMs(gitHubPid) });

  return {
    folder,
    address,
    gitHubPid,
    webhookUrl: webhook_url,
    appPid,
    async restart(meanwhile) {
      await app.stop();
      await meanwhile();
      app = await start();
    },
    async run(command) {
      const asked = (await github.requests()).length;
      const before = used();
      const start = Date.now();
      const comment = await door.say(1, command);
      while (!store.isStored(comment) || !store.isUpToPeople()) {
        if (Date.now() - start > LONGEST_MS) throw new Error(`"${command}" did not end; see ${folder}.`);
        await wait(LOOK_MS);
      }
      const wallMs = store.lastDoneAt() - start;
      const after = used();
      const requests = (await github.requests()).slice(asked).filter(({ actor }) => actor !== 'mona');
      return {
        wallMs,
        appCpuMs: difference(after.app, before.app),
        gitHubCpuMs: difference(after.gitHub, before.gitHub),
        requests,
      };
    },
    appResidentMiB: () => residentMiB(appPid()),
    appPeakMiB: () => peakMiB(appPid()),
    async close() {
      await app.stop();
      await github.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const difference = (after: number | undefined, before: number | undefined): number | undefined =>
  after === undefined || before === undefined ? undefined : after - before;
