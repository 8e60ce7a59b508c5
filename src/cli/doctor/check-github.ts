import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { RunConfig } from '../../config.ts';
import { createAppFacts } from '../../platform/github/app-facts.ts';
import type { AppInstallation, AppRegistration, GitHubApp } from '../../ports/github-app.ts';
import { GitHubError } from '../../ports/github-reads.ts';
import { type AskedFor, checkApp } from './check-app.ts';
import { checkDeliveries, checkHook } from './check-webhook.ts';
import { type Finding, fault, ok } from './finding.ts';

const MANIFEST = join(import.meta.dirname, '..', '..', '..', 'app.yml');
const TIMEOUT_MS = 10_000;
/** GitHub refuses a JWT whose times lie beside its own clock; ours spare a minute. */
const MOST_AHEAD_MS = 30_000;

/** Everything that only GitHub knows: the app, its installations, its webhook. */
export async function checkGitHub(config: RunConfig): Promise<Finding[]> {
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const clock = { now: Date.now };
  const app = createAppFacts({ ...config, log, clock, timeoutMs: TIMEOUT_MS, readRetryDelaysMs: [500] });
  return askGitHub(app, config.webUrl);
}

/** @param webUrl `https://github.com` */
export async function askGitHub(app: GitHubApp, webUrl: string): Promise<Finding[]> {
  const registered = await asked(app.registration());
  if (registered instanceof GitHubError) return [...checkClock(app.aheadMs()), unknownApp(registered, webUrl)];
  const said = ok('github', `${new URL(webUrl).host} knows this app: ${registered.slug}.`);
  const installed = await asked(app.installations());
  const hook = await asked(app.hook());
  const newest = await asked(app.newestDeliveries());
  return [
    ...checkClock(app.aheadMs()),
    said,
    ...(installed instanceof GitHubError
      ? [unanswered('installations', installed)]
      : rights(registered, installed, webUrl)),
    ...(hook instanceof GitHubError ? [unanswered('webhook', hook)] : checkHook(hook)),
    ...(newest instanceof GitHubError ? [unanswered('deliveries', newest)] : checkDeliveries(newest)),
  ];
}

const rights = (app: AppRegistration, installed: readonly AppInstallation[], webUrl: string): Finding[] =>
  checkApp(readManifest(), app, installed, webUrl);

const manifest = z.object({
  default_permissions: z.record(z.string(), z.string()),
  default_events: z.array(z.string()),
});

function readManifest(): AskedFor {
  const { default_permissions: permissions, default_events: events } = manifest.parse(
    parse(readFileSync(MANIFEST, 'utf8')),
  );
  return { permissions, events };
}

const asked = <T>(answer: Promise<T>): Promise<T | GitHubError> =>
  answer.catch((error: unknown) => {
    if (error instanceof GitHubError) return error;
    throw error;
  });

function checkClock(aheadMs: number | null): Finding[] {
  if (aheadMs === null) return [];
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  if (Math.abs(aheadMs) <= MOST_AHEAD_MS) return [ok('clock', "The clock agrees with GitHub's.")];
  const what = `The clock is ${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} GitHub's, which refuses an app whose clock is wrong.`;
  return [fault('clock', what, 'Let the machine keep time: timedatectl set-ntp true')];
}

function unknownApp(error: GitHubError, webUrl: string): Finding {
  const { host } = new URL(webUrl);
  if (error.status === 401 || error.status === 404) {
    const remedy =
      'APP_ID and the private key belong to one app, and GHE_HOST names where it is registered. Make a new key if in doubt.';
    return fault('github', `${host} does not know this app. ${error.message}`, remedy);
  }
  return unanswered('github', error);
}

const unanswered = (check: string, error: GitHubError): Finding =>
  error.status === 0
    ? fault(check, error.message, 'Does this machine reach GitHub: DNS, firewall, GHE_HOST? A proxy is not used.')
    : fault(check, error.message, 'Ask again later; https://www.githubstatus.com tells of troubles.');
