import type { Repository } from '../core/plan.ts';
import { Refusal } from '../core/refusals.ts';
import { hideAddresses } from '../core/settings/hide-addresses.ts';
import { narrow } from '../core/settings/narrow-settings.ts';
import { parseLayer } from '../core/settings/parse-settings.ts';
import type { LayerSettings, SharedSettings } from '../core/settings/types.ts';
import { type GitHubReads, UnreadableFile } from '../ports/github-reads.ts';
import type { FleetContext } from './context.ts';
import { tellFaults } from './file-faults.ts';

const PATH = '.github/fleet.yml';

/** The operator's settings, narrowed by the organization's and the control repository's, from default branches. Throws Refusal. */
export async function loadSettings(
  context: FleetContext,
  reads: GitHubReads,
  control: Repository,
): Promise<SharedSettings> {
  const { hosts } = context.settings.notify;
  const organization = await readLayer(reads, control, `${control.ownerLogin}/.github`, 'organization', hosts);
  const repository = await readLayer(reads, control, control.fullName, 'repository', hosts);
  return narrow(context.settings.shared, organization, repository);
}

async function readLayer(
  reads: GitHubReads,
  control: Repository,
  repository: string,
  layer: 'organization' | 'repository',
  webhookHosts: readonly string[],
): Promise<LayerSettings | null> {
  const text = await readText(reads, repository);
  if (text === undefined) return null;
  const parsed = parseLayer(text, `${repository}:${PATH}`, layer, webhookHosts);
  if (parsed.ok) return parsed.value;
  const shown = new Map([[`${repository}:${PATH}`, hideAddresses(text)]]);
  throw invalid(repository, await tellFaults(reads, control, shown, parsed.faults));
}

async function readText(reads: GitHubReads, repository: string): Promise<string | undefined> {
  try {
    return await reads.file(repository, PATH);
  } catch (error) {
    if (error instanceof UnreadableFile) throw invalid(repository, `\`${error.where}\` ${error.problem}.`);
    throw error;
  }
}

function invalid(repository: string, detail: string): Refusal {
  return new Refusal(
    'invalid_settings',
    detail,
    `Correct \`${PATH}\` on the default branch of \`${repository}\`, then give the command again.`,
  );
}
