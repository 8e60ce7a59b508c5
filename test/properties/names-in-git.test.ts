import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PullRequestFacts, renderPullRequest } from '../../src/core/render/pull-request.ts';
import { branchName, MAX_BRANCH_LENGTH } from '../../src/core/workflow/branch.ts';
import { isValidBranch } from '../../src/core/workflow/valid-branch.ts';
import { fleet, plan } from '../core/render/sample-fleet.ts';
import { hostileInputs, hostileText, hostileValue, hugeText, written } from './arbitraries.ts';
import { createCases, withoutHang } from './cases.ts';

const cases = createCases();
/** Sent to real git, which takes a process each. */
const SAMPLE = 150;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'names-'));
  git(['init', '-q', '--bare', '.']);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function git(args: readonly string[], input = ''): Buffer {
  const env = {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: 'fleet[bot]',
    GIT_AUTHOR_EMAIL: 'fleet@example.com',
    GIT_COMMITTER_NAME: 'fleet[bot]',
    GIT_COMMITTER_EMAIL: 'fleet@example.com',
  };
  const { status, stdout, stderr, error } = spawnSync('git', args, { cwd: folder, input, env, maxBuffer: 2 ** 26 });
  assert.deepEqual([status, error], [0, undefined], `git ${args.join(' ')}: ${stderr}`);
  return stdout;
}

/** Those that git does not take as the name of a branch. */
function refusedByGit(names: readonly string[]): string[] {
  const script =
    'while IFS= read -r -d "" name; do git check-ref-format --branch "$name" >&2 || printf "%s\\0" "$name"; done';
  const input = names.map((name) => `${name}\0`).join('');
  const { stdout, error } = spawnSync('bash', ['-c', script], { cwd: folder, input, maxBuffer: 2 ** 26 });
  assert.equal(error, undefined);
  return stdout.toString().split('\0').slice(0, -1);
}

const definition = { required: true, default: null, description: '', pattern: null, enum: null, allowDash: false };
const template = fc.oneof(
  fc.constant(null),
  hostileText,
  fc
    .array(fc.oneof(hostileText, fc.constantFrom('fleet/', '{{a}}', '{{inputs.b}}', '{{c}}', '-', '/')), {
      maxLength: 5,
    })
    .map((parts) => parts.join('')),
);
const requests = fc.record({
  name: fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,59}$/),
  branch: template,
  inputs: fc.record({ a: hostileText, b: hostileValue, c: hostileValue }, { requiredKeys: ['a'] }),
});

const inputsOf = (inputs: { a: string; b?: string; c?: string }): Record<string, string> => ({ ...inputs });

describe('the branch of a fleet', () => {
  const workflowOf = (name: string, branch: string | null) => ({
    name,
    branch,
    inputs: { a: definition, b: definition, c: { ...definition, required: false } },
  });

  test('is a name that git takes, of at most 100 characters, whatever template and values are', () => {
    const sample: string[] = [];
    cases.hold(requests, 3_000, ({ name, branch, inputs }) => {
      const made = branchName(workflowOf(name, branch), inputsOf(inputs));
      assert.ok(isValidBranch(made), `${JSON.stringify(made)} is not valid`);
      assert.ok(made.length <= MAX_BRANCH_LENGTH, `${JSON.stringify(made)} has ${made.length} characters`);
      if (cases.ran() % 15 === 0) sample.push(made);
    });
    expect(sample.length).toBeGreaterThanOrEqual(SAMPLE);
    expect(refusedByGit(sample.slice(0, SAMPLE))).toEqual([]);
  });

  test('is the same for the same inputs, in whatever order they were given', () => {
    cases.hold(requests, 1_000, ({ name, branch, inputs }) => {
      const turned = Object.fromEntries(Object.entries(inputsOf(inputs)).reverse());
      const made = branchName(workflowOf(name, branch), inputsOf(inputs));
      assert.equal(branchName(workflowOf(name, branch), turned), made);
    });
  });

  test('differs where a required input differs in more than what a separator hides', () => {
    cases.hold(fc.tuple(hostileValue, hostileValue), 1_000, ([one, other]) => {
      const workflow = { name: 'x', branch: null, inputs: { a: definition } };
      const same = branchName(workflow, { a: one }) === branchName(workflow, { a: other });
      assert.equal(same, one === other);
    });
  });

  test('is found at once for values of megabytes', () => {
    cases.hold(hugeText, 3, (size) => {
      const huge = written(size);
      const made = withoutHang(() => branchName(workflowOf('x', '{{a}}/{{b}}'), { a: huge, b: huge }));
      assert.ok(isValidBranch(made));
    });
  });
});

test('no name passes as a branch that git refuses', () => {
  const taken = new Set<string>();
  cases.hold(
    fc.oneof(
      hostileText,
      fc
        .array(fc.constantFrom('a', '/', '.', '-', '@', '{', '.lock', 'ä', '\u00a0'), { maxLength: 6 })
        .map((parts) => parts.join('')),
    ),
    2_000,
    (name) => {
      if (isValidBranch(name)) taken.add(name);
    },
  );
  expect(taken.size).toBeGreaterThanOrEqual(SAMPLE);
  expect(refusedByGit([...taken].slice(0, SAMPLE))).toEqual([]);
});

describe('the commit message', () => {
  const ours = 'Co-authored-by: octocat <7+octocat@users.noreply.github.com>';
  const texts = fc.record({
    title: fc.option(hostileText),
    commitMessage: fc.option(hostileText),
    inputs: hostileInputs,
  });
  const messageOf = ({
    title,
    commitMessage,
    inputs,
  }: Pick<PullRequestFacts, 'title' | 'commitMessage'> & { inputs: Record<string, string> }) =>
    renderPullRequest({
      fleet: fleet({ plan: plan(['api'], { inputs }) }),
      evidence: null,
      title,
      body: null,
      commitMessage,
      trackingIssueUrl: null,
      moreVisible: false,
      webUrl: 'https://github.com',
    }).commitMessage;

  test('is plain text that reaches nobody, ends in our co-author alone, and arrives in git as it is', () => {
    const messages = new Set<string>();
    cases.hold(texts, 3_000, (given) => {
      const message = messageOf(given);
      assert.ok(message.isWellFormed());
      assert.doesNotMatch(message, /(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069]|\p{Noncharacter_Code_Point}/u);
      assert.doesNotMatch(message, /@(?=\w)(?![\w-]+\/\w)(?!users\.noreply\.github\.com>$)|#\d|\bGH-\d/m);
      const paragraphs = message.split(/\n{2,}/);
      assert.equal(paragraphs.at(-1), ours);
      assert.notEqual(paragraphs[0]?.trim(), '');
      assert.notEqual(paragraphs[0], ours);
      if (cases.ran() % 60 === 0) messages.add(message);
    });
    expect(messages.size).toBeGreaterThanOrEqual(40);
    const sample = [...messages];
    expect(readBack(sample)).toEqual(sample.map((message) => [message, `${ours}\n`]));
  });

  test('stays short when values are megabytes', () => {
    cases.hold(hugeText, 3, (size) => {
      const huge = written(size);
      const message = withoutHang(() => messageOf({ title: huge, commitMessage: huge, inputs: { note: huge } }));
      assert.ok(message.length < 11_000);
    });
  });

  /** Messages and trailers of commits that git made with these messages. */
  function readBack(messages: readonly string[]): [message: string, trailers: string][] {
    const tree = git(['hash-object', '-t', 'tree', '-w', '--stdin']).toString().trim();
    const commits = messages.map((message) => git(['commit-tree', tree, '-F', '-'], `${message}\n`).toString().trim());
    const format = '--format=%B%x00%(trailers:only)%x00';
    const parts = git(['log', '--no-walk=unsorted', format, ...commits])
      .toString()
      .split('\0');
    return messages.map((_, index) => [(parts[2 * index] ?? '').replace(/^\n|\n$/g, ''), parts[2 * index + 1] ?? '']);
  }
});

test('all of these cases ran', () => {
  expect(cases.ran()).toBeGreaterThanOrEqual(10_006);
});
