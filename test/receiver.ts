import { createServer, type IncomingHttpHeaders } from 'node:http';
import { onTestFinished } from 'vitest';
import { z } from 'zod';

interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  text: string;
  json: z.infer<typeof bodyJson>;
}

const bodyJson = z.object({
  text: z.string(),
  id: z.string(),
  at: z.string(),
  event: z.string(),
  fleet: z.object({
    id: z.string(),
    workflow: z.string(),
    control_repository: z.string(),
    status: z.string(),
    waiting_for: z.string().nullable(),
    sender: z.string(),
    tracking_issue_url: z.string().nullable(),
    targets: z.number(),
    pull_requests: z.number(),
    counts: z.record(z.string(), z.number()),
  }),
});

/** A real receiver of webhooks on this machine, which keeps what it gets. */
export async function startReceiver() {
  const received: Received[] = [];
  let answer: { status: number; headers?: Record<string, string> } = { status: 200 };
  let onReceived = (): Promise<void> => Promise.resolve();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const json = bodyJson.parse(JSON.parse(text));
      received.push({ path: request.url ?? '', headers: request.headers, text, json });
      const { status, headers = {} } = answer;
      await onReceived();
      response.writeHead(status, headers).end('not for anybody to read');
    });
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', listening.resolve);
  await listening.promise;
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    host: `127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}/hook/a-path-that-nobody-knows`,
    received,
    /** From now on it answers so. */
    answers(status: number, headers: Record<string, string> = {}) {
      answer = { status, headers };
    },
    /** Before it answers. */
    whenReceived(then: () => Promise<void>) {
      onReceived = then;
    },
  };
}
