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
  const streams = new Map<string, RedactStream>();
  const record = (kind: string, fields: object): void => file.write(`${secrecy.json({ kind, ...fields })}\n`);

  function flush(): void {
    for (const [sessionUpdate, stream] of streams) {
      const text = stream.rest();
      if (text !== '') record('update', { update: { sessionUpdate, content: { type: 'text', text } } });
    }
    streams.clear();
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
      const stream = streams.get(chunk.sessionUpdate) ?? secrecy.stream();
      streams.set(chunk.sessionUpdate, stream);
      const text = stream.add(chunk.content.text);
      if (text !== '') record('update', { update: { ...update, content: { ...chunk.content, text } } });
    },
    close() {
      flush();
      return file.close();
    },
  };
}
