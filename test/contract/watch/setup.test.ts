import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const report = z.object({
  testResults: z.array(
    z.object({
      assertionResults: z.array(
        z.object({ title: z.string(), status: z.string(), failureMessages: z.array(z.string()) }),
      ),
    }),
  ),
});

async function runSamples(): Promise<{ verdicts: Map<string, string>; printed: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'contract-samples-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const config = join(import.meta.dirname, 'sample', 'vitest.config.ts');
  const outputFile = join(folder, 'results.json');
  const args = [vitest, 'run', `--config=${config}`, '--reporter=json', `--outputFile=${outputFile}`];
  // Nothing of the run around it.
  const env = { PATH: [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter) };
  const { stdout } = await execa(process.execPath, args, { cwd: ROOT, env, extendEnv: false, reject: false });
  const { testResults } = report.parse(JSON.parse(readFileSync(outputFile, 'utf8')));
  const verdicts = testResults.flatMap(({ assertionResults }) =>
    assertionResults.map(({ title, status, failureMessages }): [string, string] => [
      title,
      status === 'passed' ? status : failureMessages.join('\n'),
    ]),
  );
  return { verdicts: new Map(verdicts), printed: stdout };
}

test('a violation on either side fails the test that caused it, and no other, and says where', async () => {
  const { verdicts, printed } = await runSamples();
  const of = (title: string) => verdicts.get(title) ?? 'was not run';
  expect(of('the app sends a right request')).toBe('passed');
  expect(of('the local GitHub takes and answers what is right')).toBe('passed');

  const renamed = of('the app renames a field of a request');
  expect(renamed).toContain("the app's POST /repos/{owner}/{repo}/pulls: body must have required property 'base'");
  expect(renamed).toContain(
    'body/basis is a field that GitHub does not know (#/paths/~1repos~1{owner}~1{repo}~1pulls/post',
  );
  expect(of('the app uses an operation that is not listed')).toContain(
    'The app uses GET /repos/{owner}/{repo}/branches, which test/contract/permissions/app-operations.ts does not list',
  );
  expect(of('a person uses an operation that is not listed')).toBe('passed');
  expect(of('a person renames a field of a request')).toContain("body must have required property 'base'");
  expect(of('the app sends an unknown field of GraphQL')).toContain('Cannot query field "logon"');

  const lost = of('the local GitHub loses a field of an answer');
  expect(lost).toContain("the local GitHub's 200 to GET /repos/{owner}/{repo}/issues/{issue_number}");
  expect(lost).toContain('answer/title must be string (#/components/schemas/issue/properties/title/type)');
  expect(of('the local GitHub sends a webhook that GitHub does not know')).toContain('issues-opend is no webhook');
  expect(of('a process of a test violates the contract')).toContain('star-created is no webhook');
  expect(of('a process of a test uses an operation that is not listed')).toContain(
    'The app uses GET /rate_limit, which',
  );
  expect(of('the local GitHub breaks down over a request')).toContain('status 500 is not promised');
  expect(of('a message cannot be compared')).toContain('could not be compared: {"kind":"request"');
  expect(of('a world violates the contract while it closes')).toContain('fork is no webhook');
  expect(printed).toMatch(
    /Compared with GitHub's contract: 6 requests of the app.* 1 GraphQL documents; [1-9]\d* violations/,
  );
});
