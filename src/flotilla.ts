import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { ApplicationFunction } from 'probot';
import manifest from '../package.json' with { type: 'json' };
import { newEffectId, newNotificationId } from './core/ids.ts';
import type { OperatorSettings } from './core/settings/types.ts';
import { answerDelivery } from './edge/answer-delivery.ts';
import { type Api, createApi } from './edge/api/create-api.ts';
import { EventStreams } from './edge/api/events/event-streams.ts';
import { Idempotency } from './edge/api/idempotency.ts';
import { Readers } from './edge/api/readers.ts';
import { hasDoor } from './edge/has-door.ts';
import { Strangers } from './edge/strangers.ts';
import { createEffects } from './effects/effects.ts';
import { createEngine, type Engine } from './engine/engine.ts';
import { createApp } from './index.ts';
import { createAgents } from './platform/agent/create-agents.ts';
import { createBundledWorkflows } from './platform/bundled-workflows.ts';
import { createDisk } from './platform/disk/create-disk.ts';
import { createWorkspaces } from './platform/git/create-workspaces.ts';
import { createLogFolders } from './platform/logs/log-folders.ts';
import { readLog } from './platform/logs/read-log.ts';
import { createTaskLogs } from './platform/logs/task-logs.ts';
import { createProcesses } from './platform/process/create-processes.ts';
import { createSecretScan } from './platform/secrets/create-secret-scan.ts';
import type { Callers } from './ports/callers.ts';
import type { Clock } from './ports/clock.ts';
import type { GitHub } from './ports/github.ts';
import type { Log } from './ports/log.ts';
import type { Instruments } from './ports/metrics.ts';
import type { Notifier } from './ports/notifier.ts';
import type { Sandbox } from './ports/sandbox.ts';
import type { Workspaces } from './ports/workspace.ts';
import { createReporter } from './report/create-reporter.ts';
import { createSender } from './report/send-notification.ts';
import type { Store } from './store/contract/store.ts';
import { createMissedLook } from './sweep/create-missed-look.ts';
import { createSweep } from './sweep/create-sweep.ts';
import type { ConfiguredAgent, WorkerContext } from './worker/context.ts';
import { operatorSecrets } from './worker/operator-secrets.ts';
import { workTask } from './worker/work-task.ts';
import { workUndo } from './worker/work-undo.ts';

export interface FlotillaParts {
  store: Store;
  github: GitHub;
  /** Who asks through the HTTP API. */
  callers: Callers;
  clock: Clock;
  log: Log;
  settings: OperatorSettings;
  configuredAgents: Readonly<Record<string, ConfiguredAgent>>;
  /** Absolute. */
  dataDir: string;
  /** PATH of the children. */
  childPath: string;
  sandbox: Sandbox;
  notifier: Notifier;
  /** Default: nobody counts. */
  instruments?: Instruments | undefined;
  pause(ms: number, signal: AbortSignal): Promise<void>;
  /** Default: that of the settings. */
  journalAfterMs?: number;
  /** Default: clones by git, in the data directory. */
  workspaces?: Workspaces;
}

/** The rooms, wired: the Probot app stores requests, the engine works on what is stored. */
export interface Flotilla {
  app: ApplicationFunction;
  api: Api;
  engine: Engine;
}

const BUNDLED = join(import.meta.dirname, '..', 'workflows');

/** Makes one app over one store. At start, what an earlier process held is free again. */
export async function createFlotilla(parts: FlotillaParts): Promise<Flotilla> {
  const { store, github, clock, log, settings, sandbox, instruments } = parts;
  const random = (bytes: number) => randomBytes(bytes);
  const { unansweredWaitMs, betweenLooksMs, requestTimeoutMs, gitTimeoutMs } = settings.effects;
  await store.write(async (tx) => {
    await tx.orphanLeases();
    await tx.effects.orphanAll(clock.now(), clock.now() + unansweredWaitMs);
  });
  const effects = createEffects({
    store,
    github,
    clock,
    log,
    newId: () => newEffectId(random),
    budget: settings.contentBudget,
    waits: { unknownMs: unansweredWaitMs, betweenLooksMs },
    requestTimeoutMs,
  });
  const reporter = createReporter({
    store,
    effects,
    github,
    clock,
    log,
    budget: settings.contentBudget,
    caps: settings.caps,
    newNotificationId: () => newNotificationId(random),
  });
  const workspaces =
    parts.workspaces ??
    createWorkspaces({ dataDir: parts.dataDir, github, clock, log, sandbox, pause: parts.pause, gitTimeoutMs });
  const worker: WorkerContext = {
    store,
    github,
    workspaces,
    processes: createProcesses({ log, sandbox, secrets: operatorSecrets(parts.configuredAgents) }),
    agents: createAgents({ log, sandbox, version: manifest.version }),
    secretScan: createSecretScan(),
    logs: { tail: readLog },
    effects,
    clock,
    log,
    instruments,
    random,
    configuredAgents: parts.configuredAgents,
    maxUserBudgetUsdPerDay: settings.maxUserBudgetUsdPerDay,
    keepWorkspaces: settings.keepWorkspaces,
    lookAgainMs: unansweredWaitMs,
    childPath: parts.childPath,
    journalAfterMs: parts.journalAfterMs ?? settings.journalAfterMs,
    pause: parts.pause,
  };
  const fleet = {
    store,
    github,
    bundled: createBundledWorkflows(BUNDLED),
    settings,
    clock,
    random,
    log,
  };
  const strangers = new Strangers(clock);
  const engine: Engine = createEngine({
    store,
    clock,
    log,
    caps: settings.caps,
    reportDue: (row, now) => reporter.due(row, now),
    handlers: {
      delivery: (row) => {
        instruments?.deliveryTaken(clock.now() - row.receivedAt);
        return answerDelivery(fleet, strangers, row);
      },
      task: (row, signal, draining) => workTask(worker, row, signal, draining),
      report: (fleetId) => reporter.report(fleetId),
      effect: async (effectId) => {
        await effects.attempt(effectId);
      },
      undo: (taskId) => workUndo(worker, taskId),
      notification: createSender({ store, notifier: parts.notifier, clock, log }),
      sweep: createSweep({
        store,
        workspaces,
        disk: createDisk({ dataDir: parts.dataDir }),
        logs: createLogFolders(parts.dataDir),
        clock,
        log,
        keepWorkspaces: settings.keepWorkspaces,
        limits: settings.disk,
        instruments,
        failTask: (task, failure) => engine.failTask(task, failure),
      }),
      missed: createMissedLook({ store, deliveries: github.deliveries, hasDoor, clock, log }),
    },
  });
  const api = await createApi(
    {
      fleet,
      callers: parts.callers,
      github,
      readers: new Readers(fleet),
      idempotency: new Idempotency(store, clock.now),
      streams: new EventStreams(store),
      logs: createTaskLogs(parts.dataDir),
    },
    log,
    { requestsPerMinute: settings.api.requestsPerMinute, instruments: parts.instruments },
  );
  return { app: createApp({ store, strangers, clock, log }), api, engine };
}
