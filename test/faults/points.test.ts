import { describe, expect, it } from 'vitest';
import { appOperations } from '../contract/permissions/app-operations.ts';
import { sentDocuments } from '../contract/upgrade/sent-documents.ts';
import {
  OF_EFFECTS,
  OF_GIT,
  OF_WRITES,
  POINTS,
  type Point,
  pointOfCall,
  pointOfGit,
  pointOfRequest,
} from './points.ts';
import { ALL } from './scenarios.ts';
import { reachable } from './schedule.ts';

const API = 'http://127.0.0.1:4000/api/v3/repos/acme/shop';

describe('the point of a request', () => {
  it.each<[string, string, Point]>([
    ['POST', '/issues/comments/5/reactions', 'reaction'],
    ['POST', '/issues', 'issue'],
    ['PATCH', '/issues/7', 'issue_edit'],
    ['POST', '/issues/7/comments', 'comment'],
    ['PATCH', '/issues/comments/5', 'comment_edit'],
    ['DELETE', '/issues/comments/5', 'comment_deletion'],
    ['POST', '/pulls', 'pull_request'],
    ['PATCH', '/pulls/3', 'pull_request_edit'],
    ['POST', '/issues/3/labels', 'labels'],
    ['POST', '/issues/3/assignees', 'assignees'],
    ['POST', '/pulls/3/requested_reviewers', 'reviewers'],
    ['POST', '/git/refs', 'branch'],
    ['PATCH', '/git/refs/heads%2Ffleet%2Fbump', 'branch_move'],
    ['DELETE', '/git/refs/heads/fleet/bump', 'branch_delete'],
  ])('%s %s is %s', (method, path, point) => {
    expect(pointOfRequest(method, API + path)).toBe(point);
  });

  it.each([
    ['GET', '/issues?state=all'],
    ['GET', '/pulls'],
    ['POST', '/git/trees'],
    ['POST', '/git/commits'],
  ])('%s %s is none', (method, path) => {
    expect(pointOfRequest(method, API + path)).toBeUndefined();
  });
});

describe('the point of a git', () => {
  it.each<[string[], Point | undefined]>([
    [['--git-dir=/x', 'push', '--porcelain', 'http://h/a.git', 'abc:refs/heads/fleet/bump'], 'push'],
    [['--git-dir=/x', 'push', '--porcelain', 'http://h/a.git', ':refs/heads/fleet/bump'], 'branch_delete'],
    [['--git-dir=/x', 'fetch', 'http://h/a.git'], undefined],
  ])('%j is %s', (args, point) => {
    expect(pointOfGit(args)).toBe(point);
  });
});

describe('no effect is left out', () => {
  it('as every point is one of the ways by which the app writes, and is met by a scenario', () => {
    const written = new Set<Point | null>([...Object.values(OF_EFFECTS), ...Object.values(OF_WRITES).flat()]);
    for (const point of Object.values(OF_GIT)) if (point !== null) written.add(point);
    expect([...written].toSorted()).toEqual([...POINTS].toSorted());
    expect(reachable(ALL)).toEqual(POINTS);
  });

  it('as each request of the app that writes is a point, but for those that nobody sees', async () => {
    const unseen = appOperations.flatMap(({ operation }) => {
      const [method = '', path = ''] = operation.split(' ');
      return method === 'GET' || pointOfRequest(method, `https://api${path.replaceAll(/\{\w+\}/g, '1')}`) !== undefined
        ? []
        : [operation];
    });
    expect(unseen).toEqual([
      'POST /app-manifests/{code}/conversions',
      'POST /app/hook/deliveries/{delivery_id}/attempts',
      'POST /app/installations/{installation_id}/access_tokens',
      'POST /applications/{client_id}/token',
      'POST /graphql',
      'POST /repos/{owner}/{repo}/git/blobs',
      'POST /repos/{owner}/{repo}/git/commits',
      'POST /repos/{owner}/{repo}/git/trees',
    ]);
    expect((await sentDocuments()).filter((document) => /\bmutation\b/.test(document))).toEqual([]);
  });

  it('as the calls of git that leave the machine are points', () => {
    expect([pointOfCall('push'), pointOfCall('deleteBranch'), pointOfCall('snapshot')]).toEqual([
      'push',
      'branch_delete',
      undefined,
    ]);
  });
});
