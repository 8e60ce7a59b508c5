import type { Account, Comment, Installation, Issue, Label, Pull, Reaction, Repository } from './records.ts';
import type { State } from './state.ts';

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

export function accountByLogin(state: State, login: string): Account | undefined {
  return state.accounts.find((account) => same(account.login, login));
}

export function repositoryByName(state: State, owner: string, name: string): Repository | undefined {
  return state.repositories.find(
    (repository) => same(repository.name, name) && same(state.accounts.need(repository.ownerId).login, owner),
  );
}

/** A repository that had this name before a rename. */
export function repositoryByFormerName(state: State, owner: string, name: string): Repository | undefined {
  const wanted = `${owner}/${name}`.toLowerCase();
  return state.repositories.find((repository) => repository.formerNames.includes(wanted));
}

/** `owner/name` as it is now. */
export function fullName(state: State, repository: Repository): string {
  return `${state.accounts.need(repository.ownerId).login}/${repository.name}`;
}

export function issueByNumber(state: State, repositoryId: number, number: number): Issue | undefined {
  return state.issues.find((issue) => issue.repositoryId === repositoryId && issue.number === number);
}

/** Issues and pull requests, oldest first. */
export function issuesOf(state: State, repositoryId: number): Issue[] {
  return state.issues.where((issue) => issue.repositoryId === repositoryId);
}

export function isPull(issue: Issue): issue is Pull {
  return issue.pull !== null;
}

/** Oldest first. */
export function pullsOf(state: State, repositoryId: number): Pull[] {
  return issuesOf(state, repositoryId).filter(isPull);
}

/** Oldest first. */
export function commentsOf(state: State, issueId: number): Comment[] {
  return state.comments.where((comment) => comment.issueId === issueId);
}

export function reactionsOf(state: State, subject: Reaction['subject'], subjectId: number): Reaction[] {
  return state.reactions.where((reaction) => reaction.subject === subject && reaction.subjectId === subjectId);
}

export function labelsOf(state: State, repositoryId: number): Label[] {
  return state.labels.where((label) => label.repositoryId === repositoryId);
}

export function labelByName(state: State, repositoryId: number, name: string): Label | undefined {
  return state.labels.find((label) => label.repositoryId === repositoryId && same(label.name, name));
}

export function isInstalledOn(installation: Installation, repository: Repository): boolean {
  return (
    installation.accountId === repository.ownerId &&
    (installation.selection === 'all' || installation.repositoryIds.includes(repository.id))
  );
}

/** Repositories that an installation reaches, oldest first. */
export function repositoriesOf(state: State, installation: Installation): Repository[] {
  return state.repositories.where((repository) => isInstalledOn(installation, repository));
}
