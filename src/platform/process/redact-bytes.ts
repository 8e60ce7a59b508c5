import { createRedactStream } from '../../core/render/redact-stream.ts';

/** What a command writes to one of its streams, without secrets and otherwise byte by byte as it came. */
export interface RedactBytes {
  add(chunk: Buffer): Buffer;
  rest(): Buffer;
}

/** @param forms as `streamForms` makes them */
export function createRedactBytes(forms: readonly string[]): RedactBytes {
  // One character a byte, so that what is no text survives; values that are no ASCII have to look the same.
  const stream = createRedactStream(forms.map((form) => Buffer.from(form).toString('latin1')));
  return {
    add: (chunk) => Buffer.from(stream.add(chunk.toString('latin1')), 'latin1'),
    rest: () => Buffer.from(stream.rest(), 'latin1'),
  };
}
