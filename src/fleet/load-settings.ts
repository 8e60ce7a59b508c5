import type { Repository } from '../core/plan.ts';
import { Refusal } from '../core/refusals.ts';
import { renderFaults } from '../core/render/faults.ts';
import { narrow } from '../core/settings/narrow-settings.ts';
import { parseLayer } from '../core/settings/parse-settings.ts';
import type { LayerSettings, SharedSettings } from '../core/settings/types.ts';
import type { GitHubReads } from '../ports/github-reads.ts';
import type { FleetContext } from './context.ts';

const PATH = '.github/fleet.yml';

/** The operator's settings, narrowed by the organization's and the control repository's, from default branches. */
export async function loadSettings(
  context: FleetContext,
  reads: GitHubReads,
  control: Repository,
): Promise<SharedSettings> {
  const organization = await readLayer(reads, `${control.ownerLogin}/.github`, 'organization');
  const repository = await readLayer(reads, control.fullName, 'repository');
  return narrow(context.settings.shared, organization, repository);
}

async function readLayer(
  reads: GitHubReads,
  repository: string,
  layer: 'organization' | 'repository',
): Promise<LayerSettings | null> {
  const text = await reads.file(repository, PATH);
  if (text === undefined) return null;
  const parsed = parseLayer(text, `${repository}:${PATH}`, layer);
  if (parsed.ok) return parsed.value;
  throw new Refusal(
    'invalid_settings',
    renderFaults(parsed.faults, text),
    `Correct \`${PATH}\` on the default branch of \`${repository}\`, then give the command again.`,
  );
}
