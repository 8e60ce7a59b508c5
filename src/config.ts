import { createPrivateKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { isLoopback } from './core/loopback.ts';

/** The only reader of the environment. Values of secrets appear in no message. */
export type Environment = Readonly<Record<string, string | undefined>>;

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
type LogLevel = (typeof LOG_LEVELS)[number];

/** Nothing of an app is configured: the setup page is the way in. */
interface SetupConfig {
  mode: 'setup';
  port: number;
  logLevel: LogLevel;
}

export interface RunConfig {
  mode: 'run';
  appId: number;
  /** PEM. */
  privateKey: string;
  /** Where it was read from; null: from a variable. */
  keyFile: string | null;
  webhookSecret: string;
  /** The app's OAuth client, as the setup page stores it; null: the HTTP API cannot check tokens of people. */
  client: { id: string; secret: string } | null;
  /** `https://api.github.com`, or `https://host/api/v3` of a GitHub Enterprise Server. */
  apiUrl: string;
  /** `https://github.com` */
  webUrl: string;
  host: string;
  port: number;
  logLevel: LogLevel;
  dataDir: string;
  /** The operator's YAML file; null: only defaults. */
  settingsFile: string | null;
  /** PATH of the children that run workflows; of the server's environment nothing else reaches them. */
  childPath: string;
}

interface ConfigFault {
  variable: string;
  /** What is wrong. */
  problem: string;
  /** What to set. */
  remedy: string;
}

/** Every fault at once, so that one correction is enough. */
export interface ConfigFaults {
  mode: 'faults';
  faults: readonly ConfigFault[];
}

export type Config = SetupConfig | RunConfig;

/** Probot's standard variables and Flotilla's own (FLEET_*). Without APP_ID and key: setup. */
export function readConfig(
  env: Environment = process.env,
  readText: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): Config | ConfigFaults {
  const faults: ConfigFault[] = [];
  const port = readPort(env, faults);
  const logLevel = readLogLevel(env, faults);
  const urls = readGitHubUrls(env, faults);
  if (!isSet(env.APP_ID) && !isSet(env.PRIVATE_KEY) && !isSet(env.PRIVATE_KEY_PATH)) {
    return faults.length > 0 ? { mode: 'faults', faults } : { mode: 'setup', port, logLevel };
  }
  if (isSet(env.FLEET_UNSANDBOXED)) {
    const remedy = 'Unset it. To run without a sandbox, write `sandbox: off` into the file of FLEET_SETTINGS.';
    faults.push({ variable: 'FLEET_UNSANDBOXED', problem: 'is not read any more', remedy });
  }
  const config: RunConfig = {
    mode: 'run',
    appId: readAppId(env, faults),
    privateKey: readPrivateKey(env, readText, faults),
    keyFile: keyFileOf(env),
    webhookSecret: readWebhookSecret(env, faults),
    client: readClient(env, faults),
    ...urls,
    // Probot's own default, localhost, is ::1 on some systems and 127.0.0.1 on others.
    host: env.HOST?.trim() || '127.0.0.1',
    port,
    logLevel,
    dataDir: dataDirectory(env),
    settingsFile: settingsFileOf(env),
    childPath: childPath(env),
  };
  return faults.length > 0 ? { mode: 'faults', faults } : config;
}

/** Adds what an .env file sets, where there is one; what the environment already has stays. */
export function loadEnvFile(file: string): void {
  if (existsSync(file)) process.loadEnvFile(file);
}

export const dataDirectory = (env: Environment = process.env): string => env.FLEET_DATA_DIR?.trim() || './data';

/** Where the app's key is; null: in a variable. */
export const keyFileOf = (env: Environment = process.env): string | null =>
  isSet(env.PRIVATE_KEY) || !isSet(env.PRIVATE_KEY_PATH) ? null : env.PRIVATE_KEY_PATH;

export const childPath = (env: Environment = process.env): string => env.PATH || '/usr/local/bin:/usr/bin:/bin';

/** The operator's file; null: none is named. */
export const settingsFileOf = (env: Environment = process.env): string | null => env.FLEET_SETTINGS?.trim() || null;

/** What of the environment the client's commands go by; null: it is not set. */
export interface ClientEnvironment {
  /** FLEET_URL */
  server: string | null;
  /** FLEET_TOKEN: a secret. */
  token: string | null;
  /** FLEET_CONTROL, else the repository of a job of GitHub Actions. */
  control: string | null;
  /** Where a job that may have an OIDC token asks for it; `token` is a secret. */
  actions: { url: string; token: string } | null;
}

/** Never from an .env file: one that lies in a checkout would say where the token is sent. */
export function clientEnvironment(env: Environment = process.env): ClientEnvironment {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = env;
  const ofJob = env.GITHUB_ACTIONS === 'true' ? env.GITHUB_REPOSITORY?.trim() : undefined;
  return {
    server: env.FLEET_URL?.trim() || null,
    token: isSet(env.FLEET_TOKEN) ? env.FLEET_TOKEN : null,
    control: env.FLEET_CONTROL?.trim() || ofJob || null,
    actions: isSet(url) && isSet(token) ? { url, token } : null,
  };
}

/** Root of the repository in a job of GitHub Actions, absolute; null: this is none. */
export const actionsWorkspace = (env: Environment = process.env): string | null =>
  env.GITHUB_ACTIONS === 'true' ? env.GITHUB_WORKSPACE || process.cwd() : null;

/** The variables of the server that the operator's settings hand to an agent; unset ones are left out. */
export function pickEnvironment(names: readonly string[], env: Environment = process.env): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Where GitHub is, from GHE_HOST and GHE_PROTOCOL alone, for commands that need nothing else of the app. */
export function gitHubAddress(
  env: Environment = process.env,
): { mode: 'address'; apiUrl: string; webUrl: string } | ConfigFaults {
  const faults: ConfigFault[] = [];
  const urls = readGitHubUrls(env, faults);
  return faults.length > 0 ? { mode: 'faults', faults } : { mode: 'address', ...urls };
}

/**
 * A person's own token, as gh reads it; null: none is set. An .env file holds the app's secrets and could be somebody
 * else's in a cloned repository, so that none may have been loaded before.
 * @param enterprise GitHub is an Enterprise Server, for which gh has variables of their own
 */
export function personTokenOf(enterprise: boolean, env: Environment = process.env): string | null {
  const ofServer = [env.GH_ENTERPRISE_TOKEN, env.GITHUB_ENTERPRISE_TOKEN];
  const given = [...(enterprise ? ofServer : []), env.GH_TOKEN, env.GITHUB_TOKEN].find(isSet);
  return given?.trim() ?? null;
}

const isSet = (value: string | undefined): value is string => value !== undefined && value.trim() !== '';

function readPort(env: Environment, faults: ConfigFault[]): number {
  if (!isSet(env.PORT)) return 3000;
  const port = Number(env.PORT);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  faults.push({ variable: 'PORT', problem: 'is not a port number', remedy: 'Set a number from 0 to 65535.' });
  return 0;
}

function readLogLevel(env: Environment, faults: ConfigFault[]): LogLevel {
  if (!isSet(env.LOG_LEVEL)) return 'info';
  const level = LOG_LEVELS.find((known) => known === env.LOG_LEVEL?.trim().toLowerCase());
  if (level !== undefined) return level;
  faults.push({ variable: 'LOG_LEVEL', problem: 'is no log level', remedy: `Set one of ${LOG_LEVELS.join(', ')}.` });
  return 'info';
}

function readAppId(env: Environment, faults: ConfigFault[]): number {
  const id = Number(env.APP_ID);
  if (isSet(env.APP_ID) && Number.isSafeInteger(id) && id > 0) return id;
  const problem = isSet(env.APP_ID) ? 'is not a number' : 'is missing';
  faults.push({ variable: 'APP_ID', problem, remedy: "Set the App ID from the app's settings page on GitHub." });
  return 0;
}

function readPrivateKey(env: Environment, readText: (path: string) => string, faults: ConfigFault[]): string {
  const remedy = 'Set PRIVATE_KEY_PATH to the .pem file that GitHub made for the app, or PRIVATE_KEY to its text.';
  if (isSet(env.PRIVATE_KEY)) return checkKey('PRIVATE_KEY', plainKey(env.PRIVATE_KEY), remedy, faults);
  if (!isSet(env.PRIVATE_KEY_PATH)) {
    faults.push({ variable: 'PRIVATE_KEY', problem: 'is missing', remedy });
    return '';
  }
  try {
    return checkKey('PRIVATE_KEY_PATH', readText(env.PRIVATE_KEY_PATH), remedy, faults);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'error';
    faults.push({ variable: 'PRIVATE_KEY_PATH', problem: `names a file that cannot be read (${code})`, remedy });
    return '';
  }
}

/** One line with \n, as .env files have it, or base64 of the whole file, as CI secrets have it, or the text itself. */
function plainKey(value: string): string {
  const text = value.includes('-----BEGIN') ? value : Buffer.from(value, 'base64').toString('utf8');
  return text.replaceAll('\\n', '\n').replace(/^["']|["']$/g, '');
}

function checkKey(variable: string, key: string, remedy: string, faults: ConfigFault[]): string {
  try {
    if (createPrivateKey(key).asymmetricKeyType === 'rsa') return key;
  } catch {
    // Reported below: OpenSSL's message helps nobody.
  }
  faults.push({ variable, problem: 'holds no RSA private key in PEM form', remedy });
  return '';
}

/** "development" is what Probot verifies with when it is given nothing, so everybody can sign with it. */
function readWebhookSecret(env: Environment, faults: ConfigFault[]): string {
  const secret = env.WEBHOOK_SECRET ?? '';
  if (isSet(secret) && secret.trim() !== 'development') return secret;
  faults.push({
    variable: 'WEBHOOK_SECRET',
    problem: isSet(secret) ? "is Probot's publicly known default" : 'is missing: anybody could sign deliveries',
    remedy: "Make one (`openssl rand -hex 32`) and set the same in the app's webhook settings on GitHub.",
  });
  return '';
}

function readClient(env: Environment, faults: ConfigFault[]): RunConfig['client'] {
  const { GITHUB_CLIENT_ID: id, GITHUB_CLIENT_SECRET: secret } = env;
  if (isSet(id) && isSet(secret)) return { id: id.trim(), secret: secret.trim() };
  if (!isSet(id) && !isSet(secret)) return null;
  faults.push({
    variable: isSet(id) ? 'GITHUB_CLIENT_SECRET' : 'GITHUB_CLIENT_ID',
    problem: 'is missing, while the other one of the pair is set',
    remedy: "Set both, from the app's settings page on GitHub, or neither.",
  });
  return null;
}

function readGitHubUrls(env: Environment, faults: ConfigFault[]): { apiUrl: string; webUrl: string } {
  const protocol = env.GHE_PROTOCOL?.trim() || 'https';
  if (protocol !== 'https' && protocol !== 'http') {
    faults.push({ variable: 'GHE_PROTOCOL', problem: 'is neither https nor http', remedy: 'Leave it out for https.' });
  }
  if (!isSet(env.GHE_HOST)) return { apiUrl: 'https://api.github.com', webUrl: 'https://github.com' };
  const host = env.GHE_HOST.trim();
  if (!/^(\[[\da-f:]+\]|[\w.-]+)(:\d+)?$/i.test(host)) {
    const remedy = 'Set the name alone, such as github.example.com or localhost:8888.';
    faults.push({ variable: 'GHE_HOST', problem: 'is not a host name', remedy });
  }
  if (protocol === 'http' && !isLoopback(host)) {
    faults.push({
      variable: 'GHE_PROTOCOL',
      problem: 'is http to another machine: tokens and the private key would cross the network readable',
      remedy: 'Leave it out for https. http is for a GHE_HOST on this machine, such as localhost:8888.',
    });
  }
  const webUrl = `${protocol}://${host}`;
  return { apiUrl: `${webUrl}/api/v3`, webUrl };
}
