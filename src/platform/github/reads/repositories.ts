import type { Octokit } from '@octokit/rest';
import { z } from 'zod';
import type { Repository } from '../../../core/plan.ts';
import { parseAnswer } from '../answers.ts';
import { isNotFound, isStatus } from '../errors.ts';
import { ownerAndRepo } from '../full-name.ts';
import { repositoryAnswer } from './repository-answer.ts';

const ROUTE = 'GET /installation/repositories';
const page = z.object({ repositories: z.array(repositoryAnswer) });

interface Page {
  etag: string | undefined;
  repositories: readonly Repository[];
  last: boolean;
}

export interface RepositoryList {
  read(): Promise<Repository[]>;
}

/**
 * Every repository of an installation, 100 a page. Pages are remembered with their ETag: an unchanged page is
 * answered with 304, which costs nothing of the rate limit. Source: docs.github.com/rest, "conditional requests".
 */
export function createRepositoryList(octokit: Octokit): RepositoryList {
  const remembered = new Map<number, Page>();

  async function readPage(number: number): Promise<Page> {
    const known = remembered.get(number);
    try {
      const { data, headers } = await octokit.request(ROUTE, {
        per_page: 100,
        page: number,
        headers: known?.etag === undefined ? {} : { 'if-none-match': known.etag },
      });
      const { repositories } = parseAnswer(page, data, ROUTE);
      return { etag: headers.etag, repositories, last: !/rel="next"/.test(headers.link ?? '') };
    } catch (error) {
      if (known !== undefined && isStatus(error, 304)) return known;
      throw error;
    }
  }

  return {
    async read() {
      const byId = new Map<number, Repository>();
      for (let number = 1; ; number += 1) {
        const current = await readPage(number);
        remembered.set(number, current);
        // A repository added meanwhile shifts the pages, so that one can come twice.
        for (const repository of current.repositories) byId.set(repository.id, repository);
        if (current.last) return [...byId.values()];
      }
    },
  };
}

/** undefined: not there, or not for us; GitHub does not tell which. */
export async function readRepository(octokit: Octokit, fullName: string): Promise<Repository | undefined> {
  const route = 'GET /repos/{owner}/{repo}';
  try {
    const { data } = await octokit.request(route, ownerAndRepo(fullName));
    return parseAnswer(repositoryAnswer, data, route);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
