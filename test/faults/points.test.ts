import { describe, expect, it } from 'vitest';
import { type Point, pointOfGit, pointOfRequest } from './points.ts';

const API = 'http://127.0.0.1:4000/api/v3/repos/acme/shop';

describe('the point of a request', () => {
  it.each<[string, string, Point]>([
    ['POST', '/issues/comments/5/reactions', 'reaction'],
    ['POST', '/issues', 'issue'],
    ['PATCH', '/issues/7', 'issue_edit'],
    ['POST', '/issues/7/comments', 'comment'],
    ['PATCH', '/issues/comments/5', 'comment_edit'],
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
