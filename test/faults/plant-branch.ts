/**
 * Preloaded into the harness by the test of its exit status: before its first command somebody makes a branch that looks like
 * a fleet's and has no pull request, which is what a lost crash would leave.
 */
import { z } from 'zod';

const COMMENTS = '/repos/acme/platform/issues/1/comments';
const TARGET = '/repos/acme/service-0';

const { fetch } = globalThis;
let planted = false;

globalThis.fetch = async (input, init) => {
  const url = String(input);
  if (!planted && init?.method === 'POST' && url.endsWith(COMMENTS)) {
    planted = true;
    await plant(url.slice(0, -COMMENTS.length) + TARGET, init.headers);
  }
  return fetch(input, init);
};

async function plant(repository: string, headers: RequestInit['headers'] = {}): Promise<void> {
  const main = await fetch(`${repository}/git/ref/heads/main`, { headers });
  const { object } = z.object({ object: z.object({ sha: z.string() }) }).parse(await main.json());
  const body = JSON.stringify({ ref: 'refs/heads/fleet/planted', sha: object.sha });
  const made = await fetch(`${repository}/git/refs`, { method: 'POST', headers, body });
  if (made.status !== 201) throw new Error(`The branch was not planted: ${made.status} ${await made.text()}`);
}
