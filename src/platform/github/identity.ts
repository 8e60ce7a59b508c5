import { z } from 'zod';
import type { AppIdentity } from '../../ports/github-writes.ts';
import { parseAnswer } from './answers.ts';
import type { AppClient } from './client.ts';

const app = z.object({ slug: z.string().min(1) });
const account = z.object({ id: z.int(), login: z.string() });
const installations = z.array(z.object({ id: z.int(), suspended_at: z.string().nullish() }));

/**
 * The app's own bot account. An app's JWT cannot read accounts, so any installation's token does;
 * an app that is installed nowhere reads it as everybody may.
 */
export async function readIdentity(doors: {
  app: AppClient;
  installation: (installationId: number) => AppClient;
  everybody: AppClient;
  /** `https://github.com` */
  webUrl: string;
}): Promise<AppIdentity> {
  const { slug } = parseAnswer(app, (await doors.app.request('GET /app')).data, 'GET /app');
  const botLogin = `${slug}[bot]`;
  const usable = await firstInstallation(doors.app);
  const client = usable === undefined ? doors.everybody : doors.installation(usable);
  const answer = await client.request('GET /users/{username}', { username: botLogin });
  const { id } = parseAnswer(account, answer.data, 'GET /users/{username}');
  return { slug, botId: id, botLogin, email: `${id}+${botLogin}@users.noreply.${new URL(doors.webUrl).hostname}` };
}

async function firstInstallation(client: AppClient): Promise<number | undefined> {
  const { data } = await client.request('GET /app/installations', { per_page: 100 });
  const all = parseAnswer(installations, data, 'GET /app/installations');
  return all.find((installation) => !installation.suspended_at)?.id;
}
