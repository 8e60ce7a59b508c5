import { createServer } from 'node:http';
import type { Log } from '../../ports/log.ts';
import { type AnsweredMetrics, answerMetrics } from './answer-metrics.ts';

const MOST_CONNECTIONS = 50;
const REQUEST_MS = 10_000;

export interface ServedMetrics {
  /** `http://127.0.0.1:9464/metrics` */
  url: string;
  close(): Promise<void>;
}

/** A listener for `GET /metrics` alone. Throws when it cannot listen there. */
export async function serveMetrics(
  { host, port }: { host: string; port: number },
  { metrics, log }: Pick<AnsweredMetrics, 'metrics'> & { log: Log },
): Promise<ServedMetrics> {
  const server = createServer((request, response) => {
    answerMetrics({ metrics, token: null, log }, request, response)
      .then((answered) => {
        if (answered) return;
        response.writeHead(404, { 'content-type': 'application/json', connection: 'close' });
        response.end('{"error":"There is only /metrics here."}');
      })
      .catch((error: unknown) => {
        log.error({ err: error }, 'could not answer a request for metrics');
        response.destroy();
      });
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.requestTimeout = REQUEST_MS;
  const bound = await new Promise<number>((resolve, reject) => {
    server.once('error', (error) => {
      const where = `\`metrics.listen\` names ${host.includes(':') ? `[${host}]` : host}:${port}`;
      reject(new Error(`${where}, where nothing can listen: ${error.message}. Choose another one.`, { cause: error }));
    });
    server.listen({ host, port }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // A scrape is over in milliseconds, and nothing is lost with it.
        server.closeAllConnections();
      }),
  };
}
