import type { IncomingMessage } from 'node:http';

/** Issue and comment hold 65,536 characters each, at most 6 bytes apiece in JSON, and a dispatch's payload 64 KB. */
export const MAX_BODY_BYTES = 2 * 1024 * 1024;

/** Of all bodies that are held at one time. */
const MAX_HELD_BYTES = 20 * MAX_BODY_BYTES;

/** `busy`: the bodies of others fill the room. `cut`: the sender went away, or the time for a request was over. */
type Unread = 'too_large' | 'busy' | 'cut';

interface Bodies {
  /** Hands the body as sent to `use`, and frees its room when that has ended. Unread: `use` was not called. */
  read<T>(request: IncomingMessage, use: (body: Buffer) => Promise<T>): Promise<T | Unread>;
}

/**
 * Reads bodies of senders that nobody knows yet. What is counted is bytes that came, not requests: senders that dawdle
 * would otherwise keep GitHub's deliveries out, and GitHub does not send those again.
 */
export function createBodies(limit: number = MAX_BODY_BYTES, room: number = MAX_HELD_BYTES): Bodies {
  let held = 0;

  return {
    async read(request, use) {
      if (Number(request.headers['content-length'] ?? 0) > limit) return 'too_large';
      const chunks: Buffer[] = [];
      let size = 0;
      try {
        for await (const chunk of request.iterator({ destroyOnReturn: false })) {
          const bytes: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
          size += bytes.length;
          held += bytes.length;
          if (size > limit) return 'too_large';
          if (held > room) return 'busy';
          chunks.push(bytes);
        }
        return await use(Buffer.concat(chunks));
      } catch (error) {
        if (request.errored !== null) return 'cut';
        throw error;
      } finally {
        held -= size;
      }
    },
  };
}
