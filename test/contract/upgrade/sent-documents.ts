import { z } from 'zod';
import { createInstallationClient } from '../../../src/platform/github/client.ts';
import { askTargets } from '../../../src/platform/github/reads/target-query.ts';
import { readTaskFacts } from '../../../src/platform/github/reads/task-facts.ts';
import type { Log } from '../../../src/ports/log.ts';

const request = z.object({ query: z.string() });
const silent = (): void => {};
const log: Log = { debug: silent, info: silent, warn: silent, error: silent };

/** Every GraphQL document that the app sends, taken from its requests; nothing leaves the process. */
export async function sentDocuments(): Promise<string[]> {
  const documents: string[] = [];
  const client = createInstallationClient(
    {
      appId: 1,
      privateKey: '',
      apiUrl: 'https://github.example.test',
      log,
      clock: { now: () => 0 },
      fetch: async (_url, init) => {
        documents.push(request.parse(JSON.parse(String(init?.body))).query);
        return Response.json({ data: {} });
      },
    },
    async () => 'a token that nobody sees',
  );
  const repository = {
    id: 1,
    fullName: 'acme/service-api',
    ownerLogin: 'acme',
    name: 'service-api',
    visibility: 'private',
    archived: false,
    disabled: false,
    fork: false,
    hasIssues: true,
    defaultBranch: 'main',
    topics: [],
    customProperties: {},
  } as const;
  await askTargets(client, [repository], { id: 2, login: 'octocat' });
  await readTaskFacts(client, {
    target: 'acme/service-api',
    control: 'acme/platform',
    base: 'main',
    branch: 'fleet/x',
  });
  return documents;
}
