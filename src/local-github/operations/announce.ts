import type { Author } from '../actor.ts';
import type { Context } from '../context.ts';
import { renderOrganization, renderSimpleUser } from '../render-json/account.ts';
import { renderRepository } from '../render-json/repository.ts';
import { nodeId } from '../state/node-id.ts';
import { isInstalledOn } from '../state/queries.ts';
import type { Repository } from '../state/records.ts';

/**
 * Sends one webhook to every app that is installed on the repository and subscribes to the event.
 * @param action null for events without one (push).
 */
export function announce(
  context: Context,
  author: Author,
  repository: Repository,
  event: string,
  action: string | null,
  payload: Readonly<Record<string, unknown>>,
): void {
  const owner = context.state.accounts.need(repository.ownerId);
  for (const installation of context.state.installations.all()) {
    if (!isInstalledOn(installation, repository) || !installation.events.includes(event)) continue;
    const app = context.state.apps.need(installation.appId);
    context.webhooks.send(
      app,
      { event, action, installation, repository },
      {
        ...(action === null ? {} : { action }),
        ...payload,
        repository: { ...renderRepository(context, repository), custom_properties: repository.customProperties },
        ...(owner.type === 'Organization' ? { organization: renderOrganization(context, owner) } : {}),
        sender: renderSimpleUser(context, author.account),
        installation: { id: installation.id, node_id: nodeId('installation', installation.id) },
      },
    );
  }
}
