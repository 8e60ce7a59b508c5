import type { IncomingMessage } from 'node:http';

/** GitHub sends no larger payload. Source: docs.github.com/webhooks, "payload cap". */
export const MAX_BODY_BYTES = 25 * 1024 * 1024;

/** The body as sent; undefined when it is larger than `limit` bytes, and then no more than that was read. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > limit) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
