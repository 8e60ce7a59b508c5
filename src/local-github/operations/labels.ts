import { validationFailed } from '../api-error.ts';
import type { Context } from '../context.ts';
import { labelByName } from '../state/queries.ts';
import type { Label, Repository } from '../state/records.ts';

/** GitHub's colour for labels that come into being by being used. */
const defaultColor = 'ededed';

/** @throws ApiError 422 when a label of that name exists. */
export function createLabel(
  context: Context,
  repository: Repository,
  label: { name: string; color?: string; description?: string | undefined },
): Label {
  if (labelByName(context.state, repository.id, label.name) !== undefined) {
    throw validationFailed({ resource: 'Label', field: 'name', code: 'already_exists' });
  }
  return context.state.labels.insert({
    id: context.state.nextId('label'),
    repositoryId: repository.id,
    name: label.name,
    color: label.color ?? defaultColor,
    description: label.description ?? null,
  });
}

/** The ids of labels by name; unknown ones are created, as GitHub does. */
export function labelIds(context: Context, repository: Repository, names: readonly string[]): number[] {
  const ids = names.map((name) => {
    const label = labelByName(context.state, repository.id, name) ?? createLabel(context, repository, { name });
    return label.id;
  });
  return [...new Set(ids)];
}
