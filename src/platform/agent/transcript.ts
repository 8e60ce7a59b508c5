import type { RedactStream } from '../../core/render/redact-stream.ts';
import type { BoundedFile } from '../process/bounded-file.ts';
import type { Secrecy } from './secrecy.ts';
import { type SessionUpdate, textChunkSchema } from './session-updates.ts';

/** What an agent run leaves to read, one JSON object a line, without the operator's secrets. */
export interface Transcript {
  record(kind: string, fields: object): void;
  update(update: SessionUpdate): void;
  close(): Promise<void>;
}

export function createTranscript(file: BoundedFile, secrecy: Secrecy): Transcript {
  const streams = new Map<string, { stream: RedactStream; messageId: string | null }>();
  const record = (kind: string, fields: object): void => file.write(`${secrecy.json({ kind, ...fields })}\n`);

  function flush(): void {
    for (const [sessionUpdate, { stream, messageId }] of streams) {
      const text = stream.rest();
      const of = messageId === null ? {} : { messageId };
      if (text !== '') record('update', { update: { sessionUpdate, ...of, content: { type: 'text', text } } });
    }
    streams.clear();
  }

  function streamOf(sessionUpdate: string, messageId: string | null): RedactStream {
    const begun = streams.get(sessionUpdate);
    if (begun !== undefined && begun.messageId === messageId) return begun.stream;
    // What is left of a message belongs before the next one.
    flush();
    const stream = secrecy.stream();
    streams.set(sessionUpdate, { stream, messageId });
    return stream;
  }

  return {
    record(kind, fields) {
      flush();
      record(kind, fields);
    },
    update(update) {
      const chunk = textChunkSchema.safeParse(update).data;
      if (chunk === undefined) {
        // Costs are told in the middle of a message, which goes on after them.
        if (update.sessionUpdate !== 'usage_update') flush();
        record('update', { update });
        return;
      }
      const text = streamOf(chunk.sessionUpdate, chunk.messageId ?? null).add(chunk.content.text);
      if (text !== '') record('update', { update: { ...update, content: { ...chunk.content, text } } });
    },
    close() {
      flush();
      return file.close();
    },
  };
}
