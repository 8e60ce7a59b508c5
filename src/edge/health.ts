import type { IncomingMessage, ServerResponse } from 'node:http';

/** `GET /healthz`: 200 while the process answers. */
export function answerHealth(request: IncomingMessage, response: ServerResponse): boolean {
  if (request.method !== 'GET' || request.url?.split('?')[0] !== '/healthz') return false;
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ok"}');
  return true;
}
