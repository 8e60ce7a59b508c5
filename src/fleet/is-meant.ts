import { compileRepositoryGlob } from '../core/selection/repository-glob.ts';

/** Whether the command's repository glob names the task's repository; without one all are meant. */
export function isMeant({ repository }: { repository: string }, glob: string | undefined): boolean {
  if (glob === undefined) return true;
  const name = repository.slice(repository.indexOf('/') + 1);
  return compileRepositoryGlob(glob)({ fullName: repository, name });
}
