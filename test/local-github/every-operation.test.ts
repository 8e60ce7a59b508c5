import { afterAll, beforeAll, expect, test } from 'vitest';
import { operationsInScope, webhooksInScope } from '../contract/kept/scope.ts';
import { walkApps, walkDeliveries, walkManifest } from './every-operation/apps.ts';
import { walkContents, walkHistory } from './every-operation/files.ts';
import { walkGitDatabase } from './every-operation/git-database.ts';
import { walkIssues } from './every-operation/issues.ts';
import { walkPulls } from './every-operation/pulls.ts';
import { walkRepositories } from './every-operation/repositories.ts';
import { beginWalk, type Walk } from './every-operation/walk.ts';

/** One walk over every operation, in this order: each answer and webhook is compared with GitHub's contract. */
let walk: Walk;

beforeAll(async () => {
  walk = await beginWalk();
});
afterAll(() => walk.close());

test('the root, people, the app and its installations answer as GitHub does', () => walkApps(walk));
test('repositories, topics, people and dispatches answer as GitHub does', () => walkRepositories(walk));
test('blobs, trees, commits and refs answer as GitHub does', () => walkGitDatabase(walk));
test('files and folders of every kind answer as GitHub does', () => walkContents(walk));
test('branches, commits and comparisons answer as GitHub does', () => walkHistory(walk));
test('issues, comments, reactions and labels answer as GitHub does', () => walkIssues(walk));
test('pull requests answer as GitHub does', () => walkPulls(walk));
test('deliveries answer as GitHub does', () => walkDeliveries(walk));
test('a manifest is converted as GitHub does', () => walkManifest(walk));

test('no operation and no webhook is left out', () => {
  expect(operationsInScope.filter((operation) => !walk.answered.has(operation))).toEqual([]);
  expect(webhooksInScope.filter((webhook) => !walk.announced.has(webhook))).toEqual([]);
});
