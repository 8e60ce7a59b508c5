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

/** Enough for the control repositories that every task asks for, and for those that run. */
const REPOSITORIES_KEPT = 200;

export interface RepositoryMemory {
  /** undefined: not there, or not for us; GitHub does not tell which. */
  read(octokit: Octokit, fullName: string): Promise<Repository | undefined>;
}

/** Always as GitHub has it now; an unchanged one is answered with 304, which costs nothing of the rate limit. */
export function createRepositoryMemory(): RepositoryMemory {
  const remembered = new Map<string, { etag: string; repository: Repository }>();
  const route = 'GET /repos/{owner}/{repo}';

  function remember(fullName: string, etag: string | undefined, repository: Repository): void {
    remembered.delete(fullName);
    if (etag !== undefined) remembered.set(fullName, { etag, repository });
    const [oldest] = remembered.keys();
    if (oldest !== undefined && remembered.size > REPOSITORIES_KEPT) remembered.delete(oldest);
  }

  return {
    async read(octokit, fullName) {
      const known = remembered.get(fullName);
      try {
        const { data, headers } = await octokit.request(route, {
          ...ownerAndRepo(fullName),
          headers: known === undefined ? {} : { 'if-none-match': known.etag },
        });
        const repository = parseAnswer(repositoryAnswer, data, route);
        remember(fullName, headers.etag, repository);
        return repository;
      } catch (error) {
        if (isNotFound(error)) return undefined;
        if (known === undefined || !isStatus(error, 304)) throw error;
        remember(fullName, known.etag, known.repository);
        return known.repository;
      }
    },
  };
}
