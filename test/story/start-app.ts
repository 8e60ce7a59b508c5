import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { pino } from 'pino';
import { parseOperatorSettings } from '../../src/core/settings/parse-settings.ts';
import { createMetrics } from '../../src/edge/metrics/metrics.ts';
import { serveMetrics } from '../../src/edge/metrics/serve-metrics.ts';
import { serve } from '../../src/edge/serve.ts';
import { createFlotilla, type Flotilla } from '../../src/flotilla.ts';
import { createCallers } from '../../src/platform/github/callers/create-callers.ts';
import { createGitHub } from '../../src/platform/github/create-github.ts';
import { createNotifier } from '../../src/platform/notify/create-notifier.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { GitHub } from '../../src/ports/github.ts';
import type { Notifier } from '../../src/ports/notifier.ts';
import type { Sandbox } from '../../src/ports/sandbox.ts';
import type { Workspaces } from '../../src/ports/workspace.ts';
import type { Store } from '../../src/store/contract/store.ts';
import { openStore } from '../../src/store/sqlite/open.ts';
import type { ConfiguredAgent } from '../../src/worker/context.ts';
import { unboxed, usualSandbox, withMeeting } from '../sandboxes.ts';

/** The app as every world registers it with its GitHub. */
export const APP = {
  id: 1,
  slug: 'flotilla',
  /** PEM, PKCS #8. */
  privateKey: newPrivateKey(),
  webhookSecret: 'a secret of this test alone',
  clientId: 'Iv23lithisisatest001',
  clientSecret: 'the-client-secret-of-this-test-alone',
};

/** For metrics on the port of deliveries, where the settings want them. */
export const METRICS_TOKEN = 'a-token-of-this-test-alone';

export function newPrivateKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

export interface AppOptions {
  /** Where GitHub is, `http://127.0.0.1:PORT`; its API at `/api/v3`. */
  githubUrl: string;
  dataDir: string;
  clock: Clock;
  /** 0: any free one. */
  port: number;
  /** The operator's settings, YAML. */
  settings?: string | undefined;
  agents?: Readonly<Record<string, ConfiguredAgent>> | undefined;
  sandbox?: Sandbox | undefined;
  /** Default: that of the product, which a clock that stands still never reaches. */
  journalAfterMs?: number | undefined;
  /** After which a request of the API is cut. Default: that of the product. */
  requestTimeoutMs?: number | undefined;
  /** The app's OAuth client at this GitHub. Default: none. */
  client?: { id: string; secret: string } | undefined;
  /** Default: those of the product. */
  workspaces?: Workspaces | undefined;
  /** Default: one that may send nowhere. */
  notifier?: Notifier | undefined;
  /** Gets every line of the log, JSON. Default: nothing is logged. */
  logged?: ((line: string) => void) | undefined;
}

export interface RunningApp {
  store: Store;
  flotilla: Flotilla;
  /** GitHub as the app sees it. */
  app: GitHub;
  /** Where deliveries go. */
  webhookUrl: string;
  port: number;
  /** Of the listener for metrics; null: the settings want none. */
  metricsUrl: string | null;
  /** Without a goodbye: what runs is cut. */
  close: () => Promise<void>;
}

/** The app in this process, with a real store and a real server, at whatever GitHub it is pointed to. */
export async function startApp(options: AppOptions): Promise<RunningApp> {
  const { dataDir, clock, githubUrl } = options;
  const parsed = parseOperatorSettings(options.settings ?? '', 'operator.yml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  const { logged } = options;
  const log = logged === undefined ? pino({ level: 'silent' }) : pino({ level: 'trace' }, { write: logged });
  const meeting = join(dirname(dataDir), 'meeting');
  for (const folder of [dataDir, meeting]) mkdirSync(folder, { recursive: true });
  const store = await openStore({ file: join(dataDir, 'flotilla.db'), log });
  const apiUrl = `${githubUrl}/api/v3`;
  // The agents of stories are scripts of this checkout, which write what they were asked to places of their own.
  const sandbox = options.sandbox ?? (options.agents === undefined ? withMeeting(usualSandbox, meeting) : unboxed);
  const { metrics: wanted } = parsed.value;
  const of = { store, clock, settings: parsed.value, version: '1.2.3', boxed: sandbox.boxed, ofProcess: false };
  const metrics = wanted === null ? null : await createMetrics(of);
  const instruments = metrics?.instruments;
  const { id: appId, privateKey, webhookSecret } = APP;
  const app = createGitHub({
    appId,
    privateKey,
    apiUrl,
    webUrl: githubUrl,
    log,
    clock,
    instruments,
    // As often as the product asks again, without its waits.
    readRetryDelaysMs: [0, 0],
    ...(options.requestTimeoutMs === undefined ? {} : { timeoutMs: options.requestTimeoutMs }),
  });
  const flotilla = await createFlotilla({
    store,
    github: app,
    callers: createCallers({
      appId,
      privateKey,
      apiUrl,
      webUrl: githubUrl,
      log,
      clock,
      client: options.client ?? null,
      github: app,
      settings: parsed.value.api,
      readRetryDelaysMs: [0, 0],
    }),
    clock,
    log,
    settings: parsed.value,
    configuredAgents: options.agents ?? {},
    dataDir,
    ...(options.journalAfterMs === undefined ? {} : { journalAfterMs: options.journalAfterMs }),
    ...(options.workspaces === undefined ? {} : { workspaces: options.workspaces }),
    // Waits of workflows take no time here.
    pause: () => Promise.resolve(),
    notifier:
      options.notifier ?? createNotifier({ hosts: [], secret: null, webhook: null, userAgent: 'flotilla/test' }),
    sandbox,
    instruments,
    childPath: [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
  });
  const served = await serve({
    host: '127.0.0.1',
    port: options.port,
    appId,
    privateKey,
    webhookSecret,
    apiUrl,
    log,
    app: flotilla.app,
    api: flotilla.api,
    instruments,
    metrics:
      metrics === null || wanted === null || wanted.tokenFrom === null ? null : { metrics, token: METRICS_TOKEN },
  });
  const listener =
    metrics === null || wanted === null || wanted.listen === null
      ? undefined
      : await serveMetrics(wanted.listen, { metrics, log });
  const close = async () => {
    await Promise.all([served.close(), listener?.close()]);
    await flotilla.engine.drain(0);
    await store.close();
  };
  const port = Number(new URL(served.url).port);
  return {
    store,
    flotilla,
    app,
    webhookUrl: `${served.url}/api/github/webhooks`,
    port,
    metricsUrl: listener?.url ?? null,
    close,
  };
}
