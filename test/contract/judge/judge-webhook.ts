import type { Contract, Fault } from './contract.ts';
import { findUnknownFields } from './unknown-fields.ts';

/** Everything in which a webhook differs from what GitHub's description promises. @param body JSON text */
export function judgeWebhook(
  contract: Contract,
  webhook: { event: string; action: string | null; body: string },
): Fault[] {
  const name = nameOf(webhook);
  if (contract.description.webhooks[name] === undefined) {
    return [{ at: 'event', message: `${name} is no webhook in the contract`, pointer: '#/x-webhooks' }];
  }
  const schema = `#/x-webhooks/${name}/post/requestBody/content/application~1json/schema`;
  const value: unknown = JSON.parse(webhook.body);
  return [
    ...contract.check(schema, value, 'webhook'),
    ...findUnknownFields(contract.description, schema, value, 'webhook'),
  ];
}

/** The action of a repository_dispatch is the sender's own word; the description shows it by a sample. */
function nameOf({ event, action }: { event: string; action: string | null }): string {
  if (event === 'repository_dispatch') return 'repository-dispatch-sample.collected';
  return [event, ...(action === null ? [] : [action])].join('-').replaceAll('_', '-');
}
