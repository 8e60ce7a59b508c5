import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import manifest from '../package.json' with { type: 'json' };
import { pickEnvironment, type RunConfig } from './config.ts';
import { metricsTokenProblem } from './core/settings/metrics-token.ts';
import { modelKeyProblems } from './core/settings/model-keys.ts';
import { notifyProblems } from './core/settings/notify-variables.ts';
import { type ParsedSettings, parseOperatorSettings } from './core/settings/parse-settings.ts';
import type { ModelApiDefinition, OperatorSettings } from './core/settings/types.ts';
import { createEgress } from './platform/egress/open-egress.ts';
import { createNotifier } from './platform/notify/create-notifier.ts';
import type { BoxFacts } from './platform/sandbox/box-arguments.ts';
import { createSandbox, type SandboxOptions } from './platform/sandbox/create-sandbox.ts';
import type { Log } from './ports/log.ts';
import type { Notifier } from './ports/notifier.ts';
import type { ModelApi, Sandbox } from './ports/sandbox.ts';
import type { ConfiguredAgent } from './worker/context.ts';

/**
 * The operator's settings with the text that their faults point into; null: every default.
 * @param namedBy what the person set, for the error
 * @throws Error when the file cannot be read
 */
export async function readOperatorSettings(
  file: string | null,
  namedBy = 'FLEET_SETTINGS',
): Promise<ParsedSettings<OperatorSettings> & { text: string }> {
  const text = file === null ? '' : await readSettingsFile(file, namedBy);
  return { ...parseOperatorSettings(text, file ?? 'defaults'), text };
}

async function readSettingsFile(file: string, namedBy: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const problem = `${namedBy} names a file that cannot be read (${error.code}): ${file}`;
    throw new Error(`${problem}. Correct the path, or leave it out for the defaults.`, { cause: error });
  });
}

/** What to say of each agent whose model's key is not in the server's environment. */
export function missingModelKeys({ agents }: Pick<OperatorSettings, 'agents'>): string[] {
  const keys = Object.values(agents).flatMap(({ modelApi }) => modelApi?.keyFrom ?? []);
  return modelKeyProblems(agents, pickEnvironment(keys));
}

/** What to say of a token for metrics that is not in the server's environment. */
export function missingMetricsToken({ metrics }: Pick<OperatorSettings, 'metrics'>): string[] {
  const name = metrics?.tokenFrom ?? null;
  const problem = name === null ? null : metricsTokenProblem(name, pickEnvironment([name])[name]);
  return problem === null ? [] : [problem];
}

/** null: metrics are not read on the server's own port. */
export function metricsToken({ metrics }: Pick<OperatorSettings, 'metrics'>): string | null {
  const name = metrics?.tokenFrom ?? null;
  return name === null ? null : (pickEnvironment([name])[name]?.trim() ?? null);
}

/** The agents with the values of the server's variables that the settings name. */
export function resolveAgents(settings: Pick<OperatorSettings, 'agents'>): Record<string, ConfiguredAgent> {
  return Object.fromEntries(
    Object.entries(settings.agents).map(([name, { envFrom, env, network, modelApi, ...agent }]) => [
      name,
      { ...agent, variables: env, env: pickEnvironment(envFrom), hosts: network, modelApi: resolveModelApi(modelApi) },
    ]),
  );
}

function resolveModelApi(definition: ModelApiDefinition | null): ModelApi | null {
  if (definition === null) return null;
  const { url, header, prefix, keyFrom } = definition;
  return { url, header, value: `${prefix}${pickEnvironment([keyFrom])[keyFrom]?.trim() ?? ''}` };
}

/** What to say of each variable of notifications that is not in the server's environment, or not what it must be. */
export function missingNotifyVariables({ notify }: Pick<OperatorSettings, 'notify'>): string[] {
  return notifyProblems(notify, pickEnvironment(notifyVariables(notify)));
}

/** Where and how notifications are sent, with the values of the server's variables. */
export function notifierOf({ notify }: Pick<OperatorSettings, 'notify'>): Notifier {
  const { hosts, secretFrom, webhookFrom } = notify;
  const values = pickEnvironment(notifyVariables(notify));
  const ofVariable = (name: string | null) => (name === null ? null : (values[name]?.trim() ?? null));
  const userAgent = `flotilla/${manifest.version}`;
  return createNotifier({ hosts, secret: ofVariable(secretFrom), webhook: ofVariable(webhookFrom), userAgent });
}

const notifyVariables = ({ secretFrom, webhookFrom }: OperatorSettings['notify']): string[] =>
  [secretFrom, webhookFrom].filter((name) => name !== null);

export const ENV_FILE = '.env';

/** What nobody in a box may read, wherever it lies; absolute. */
export const serverFiles = (of: Pick<RunConfig, 'dataDir' | 'keyFile' | 'settingsFile'>): string[] =>
  [of.dataDir, ENV_FILE, of.keyFile, of.settingsFile].flatMap((path) => (path === null ? [] : [resolve(path)]));

/**
 * Boxes as the settings want them; without facts, none.
 * @param hidden absolute: what nobody in a box may read, wherever it lies
 */
export function sandboxOf(
  { box, disk }: Pick<OperatorSettings, 'box' | 'disk'>,
  facts: BoxFacts | null,
  log: Log,
  hidden: readonly string[],
): Sandbox {
  const openEgress = createEgress({ log });
  return createSandbox({ ...boxOptions({ box, disk }, facts, hidden), hosts: box.network, openEgress });
}

/** What every box is made by, whatever it may reach. */
export function boxOptions(
  { box, disk }: Pick<OperatorSettings, 'box' | 'disk'>,
  facts: BoxFacts | null,
  hidden: readonly string[],
): Pick<SandboxOptions, 'facts' | 'limits' | 'read' | 'hidden'> {
  const limits = { ...box, cpuSeconds: Math.ceil(box.cpuMs / 1000), diskBytes: disk.perWorkspaceBytes };
  return { facts, limits, read: box.read, hidden };
}
