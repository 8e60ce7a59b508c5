import type { RecordedEvent } from '../../../core/events.ts';
import { eventSchemas } from '../schemas/event.ts';
import { instant, shown } from './fleet-json.ts';

/** An event as the API shows it, without what is our own business. */
export function eventJson({ seq, at, event }: RecordedEvent): Record<string, unknown> {
  const schema = eventSchemas.get(event.type);
  if (schema === undefined) throw new Error(`The API does not know the event ${event.type}.`);
  const fields = Object.entries(event).map(([key, value]) => [
    snake(key),
    TEXTS.has(key) ? shown(String(value)) : value,
  ]);
  return schema.parse({ seq, at: instant(at), ...Object.fromEntries(fields) });
}

/** These hold text of nodes or of GitHub. */
const TEXTS: ReadonlySet<string> = new Set(['reason', 'error']);

const snake = (key: string): string => key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
