import { z } from 'zod';
import type { AppInstallation, GitHubApp } from '../../ports/github-app.ts';
import { parseAnswer, timestamp } from './answers.ts';
import { type ClientOptions, createAppClient } from './client.ts';

const levels = z.record(z.string(), z.string());
const registration = z.object({ slug: z.string().min(1), permissions: levels, events: z.array(z.string()) });
const account = z.union([z.object({ login: z.string() }), z.object({ slug: z.string() })]).nullish();
const installations = z.array(
  z.object({
    account,
    suspended_at: z.string().nullish(),
    html_url: z.string(),
    permissions: levels,
    events: z.array(z.string()),
  }),
);
const hook = z.object({
  url: z.string().default(''),
  content_type: z.string().default(''),
  insecure_ssl: z.union([z.string(), z.number()]).default('0').transform(String),
  /** Stars. */
  secret: z.string().nullish(),
});
const deliveries = z.array(
  z.object({ event: z.string(), delivered_at: timestamp, status_code: z.number(), status: z.string() }),
);

const PER_PAGE = 100;
const MOST_PAGES = 10;

/**
 * Asks with the app's JWT.
 * Source: docs.github.com/rest/apps/apps and docs.github.com/rest/apps/webhooks
 */
export function createAppFacts(options: ClientOptions): GitHubApp {
  let aheadMs: number | null = null;
  const client = createAppClient({ ...options, fetch: noting(options.fetch, (ms) => (aheadMs = ms)) });
  const ask = async <T>(route: string, schema: z.ZodType<T>, parameters: Record<string, number> = {}): Promise<T> =>
    parseAnswer(schema, (await client.request(route, parameters)).data, route);

  return {
    registration: () => ask('GET /app', registration),
    async installations() {
      const all: AppInstallation[] = [];
      for (let page = 1; page <= MOST_PAGES; page += 1) {
        const found = await ask('GET /app/installations', installations, { per_page: PER_PAGE, page });
        all.push(...found.map(installationOf));
        if (found.length < PER_PAGE) break;
      }
      return all;
    },
    async hook() {
      const { url, content_type: contentType, insecure_ssl, secret } = await ask('GET /app/hook/config', hook);
      return { url, contentType, verifiesCertificate: insecure_ssl === '0', hasSecret: (secret ?? '') !== '' };
    },
    async newestDeliveries() {
      const found = await ask('GET /app/hook/deliveries', deliveries, { per_page: PER_PAGE });
      return found.map(({ delivered_at, status_code, ...rest }) => ({
        ...rest,
        deliveredAt: delivered_at,
        statusCode: status_code,
      }));
    },
    aheadMs: () => aheadMs,
  };
}

function installationOf(found: z.infer<typeof installations>[number]): AppInstallation {
  const { account, suspended_at, html_url: url, permissions, events } = found;
  const name = account === null || account === undefined ? '' : 'login' in account ? account.login : account.slug;
  return { account: name, suspended: (suspended_at ?? null) !== null, url, permissions, events };
}

/** The date is in refusals too: with a wrong clock there is nothing else. */
function noting(fetch: ClientOptions['fetch'], note: (aheadMs: number) => void): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await (fetch ?? globalThis.fetch)(input, init);
    const date = Date.parse(response.headers.get('date') ?? '');
    if (!Number.isNaN(date)) note(Math.round((Date.now() - date) / 1000) * 1000);
    return response;
  };
}
