import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { startFront } from './front.ts';

test('a comment that never reached emulate is not waited for', async () => {
  const gitRoot = mkdtempSync(join(tmpdir(), 'flotilla-front-'));
  const token = `ghp_olive${'0'.repeat(30)}`;
  const front = await startFront({
    gitRoot,
    organization: 'acme',
    appSlug: 'flotilla',
    webhookSecret: 'secret',
    people: { olive: token },
    owner: 'olive',
    seed: () => ({ tokens: { [token]: { login: 'olive' } }, github: { users: [{ login: 'olive' }] } }),
  });
  onTestFinished(async () => {
    await front.close();
    rmSync(gitRoot, { recursive: true, force: true });
  });
  // A server takes a trailer that is announced and never sent; a client refuses to announce it.
  const { status } = await fetch(`${front.url}/api/v3/repos/acme/one/issues/1/comments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, trailer: 'x-checksum' },
    body: '{"body":"hello"}',
  });
  expect(status).toBe(500);
  const idle = front.deliveries.idle().then(() => 'nothing is under way');
  expect(await Promise.race([idle, setImmediate('the delivery is still expected')])).toBe('nothing is under way');
});
