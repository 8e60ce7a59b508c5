import type { Logger } from 'pino';
import { run } from 'probot';
import { addToEnvFile } from './env-file.ts';

export interface SetupOptions {
  port: number;
  /** Where the new app's credentials are written, `.env` as a rule. */
  envFile: string;
  log: Logger;
}

export interface RunningSetup {
  url: string;
  close(): Promise<void>;
}

/**
 * Probot's setup page: it makes the GitHub App from app.yml and writes its credentials to the .env file.
 * It listens on loopback alone, because whoever reaches it decides which app this server obeys.
 * Restart afterwards. Refused by Probot when NODE_ENV is production.
 */
export async function startSetup({ port, envFile, log }: SetupOptions): Promise<RunningSetup> {
  const host = '127.0.0.1';
  const server = await run(() => {}, {
    env: { HOST: host, PORT: String(port) },
    log,
    updateEnv: (values) => {
      addToEnvFile(envFile, values);
      if (values.APP_ID) log.info({ app: values.APP_ID, file: envFile }, 'stored the credentials of this app');
      return values;
    },
    // Otherwise Probot downloads smee-client and opens a public relay at smee.io.
    SmeeClient: { createChannel: async () => undefined },
  });
  return { url: `http://${host}:${server.port}`, close: () => server.stop() };
}
