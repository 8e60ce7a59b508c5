import { createHash } from 'node:crypto';

export interface FleetKeyParts {
  installationId: number;
  controlRepositoryId: number;
  workflow: string;
  /** After defaults; their order does not matter. */
  inputs: Readonly<Record<string, string>>;
}

/** What makes two requests the same fleet, as 64 hex digits. Flags are not part of it. */
export function fleetKey({ installationId, controlRepositoryId, workflow, inputs }: FleetKeyParts): string {
  const sorted = Object.entries(inputs).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([installationId, controlRepositoryId, workflow, sorted]))
    .digest('hex');
}
