import { isObject } from '../kept/description.ts';
import type { Contract, Fault } from './contract.ts';
import { parseJson } from './parse-json.ts';
import { findUnknownFields } from './unknown-fields.ts';

/** A webhook as it is sent. */
export interface JudgedWebhook {
  event: string;
  action: string | null;
  headers: Readonly<Record<string, string>>;
  /** JSON. */
  body: string;
}

/** Everything in which a webhook differs from what GitHub's description promises. */
export function judgeWebhook(contract: Contract, webhook: JudgedWebhook): Fault[] {
  const name = nameOf(webhook);
  const { webhooks } = contract.description;
  const operation = Object.hasOwn(webhooks, name) ? webhooks[name]?.post : undefined;
  if (!isObject(operation)) {
    return [{ at: 'event', message: `${name} is no webhook in the contract`, pointer: '#/x-webhooks' }];
  }
  const pointer = `#/x-webhooks/${name}/post`;
  const listed = Array.isArray(operation.parameters) ? operation.parameters : [];
  const faults = listed.flatMap((parameter): Fault[] => {
    const header = isObject(parameter) ? String(parameter.name).toLowerCase() : '';
    // Signed is what has a secret.
    if (header in webhook.headers || header === 'x-hub-signature-256') return [];
    return [{ at: `header/${header}`, message: 'is missing', pointer: `${pointer}/parameters` }];
  });
  const schema = `${pointer}/requestBody/content/application~1json/schema`;
  const value = parseJson(webhook.body);
  if (value === undefined) return [...faults, { at: 'webhook', message: 'is no JSON', pointer: schema }];
  return [
    ...faults,
    ...contract.check(schema, value, 'webhook'),
    ...findUnknownFields(contract.description, schema, value, 'webhook'),
  ];
}

/** The action of a repository_dispatch is the sender's own word; the description shows it by a sample. */
function nameOf({ event, action }: JudgedWebhook): string {
  if (event === 'repository_dispatch') return 'repository-dispatch-sample.collected';
  return [event, ...(action === null ? [] : [action])].join('-').replaceAll('_', '-');
}
