import type { Octokit } from '@octokit/rest';
import type { GitHubWrites } from '../../../ports/github-writes.ts';
import { ownerAndRepo } from '../full-name.ts';

type PullRequestDetails = Pick<GitHubWrites, 'addLabels' | 'addAssignees' | 'requestReviewers'>;

const TEAM = 'team:';

export function pullRequestDetails(octokit: Octokit): PullRequestDetails {
  return {
    async addLabels(repository, number, labels) {
      await octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/labels', {
        ...ownerAndRepo(repository),
        issue_number: number,
        labels: [...labels],
      });
    },

    async addAssignees(repository, number, assignees) {
      await octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/assignees', {
        ...ownerAndRepo(repository),
        issue_number: number,
        assignees: [...assignees],
      });
    },

    async requestReviewers(repository, number, reviewers) {
      const teams = reviewers.filter((name) => name.startsWith(TEAM)).map((name) => name.slice(TEAM.length));
      const people = reviewers.filter((name) => !name.startsWith(TEAM));
      await octokit.request('POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers', {
        ...ownerAndRepo(repository),
        pull_number: number,
        ...(people.length > 0 ? { reviewers: people } : {}),
        ...(teams.length > 0 ? { team_reviewers: teams } : {}),
      });
    },
  };
}
