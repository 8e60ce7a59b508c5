import { compileRepositoryGlob } from '../selection/repository-glob.ts';
import type { OperatorSettings } from './types.ts';

/** Whether the operator lets this repository (owner/name) give commands; without a list every repository may. */
export function mayBeControlRepository(
  settings: Pick<OperatorSettings, 'controlRepositories'>,
  fullName: string,
): boolean {
  if (settings.controlRepositories === null) return true;
  const name = fullName.slice(fullName.indexOf('/') + 1);
  return settings.controlRepositories.some((glob) => compileRepositoryGlob(glob)({ fullName, name }));
}
