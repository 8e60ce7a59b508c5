import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { noSandbox } from '../sandboxes.ts';
import { attackedStory, expectNoSecretIn, expectRefused, reportOf } from './attacked-story.ts';

/** Repositories that want our own git, or GitHub, to do something for them. */

/** Appears on the host where something of the repository was run outside of its box. */
function givenSign(): string {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-sign-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'owned');
}

const change = 'echo 2.0 > VERSION';

describe.skipIf(noSandbox !== null)('a repository', () => {
  it('with filters, a file system monitor, hooks and a poisoned configuration runs none of them on the host', async () => {
    const sign = givenSign();
    const run = `touch ${sign}; cat`;
    const world = await attackedStory({
      files: { '.gitattributes': '*.evil filter=evil diff=evil merge=evil\n', 'old.evil': 'x\n' },
      commands: [
        'mkdir -p .git/hooks .git/info',
        `for hook in pre-commit commit-msg post-checkout pre-push post-index-change reference-transaction fsmonitor-watchman; do printf '#!/bin/sh\\n${run}\\n' > .git/hooks/$hook; chmod +x .git/hooks/$hook; done`,
        `git config core.fsmonitor '${run}'; git config core.hooksPath .git/hooks; git config filter.evil.clean '${run}'; git config filter.evil.smudge '${run}'; git config filter.evil.process '${run}'; git config diff.evil.textconv '${run}'; git config diff.external '${run}'; git config core.sshCommand '${run}'; git config core.gitProxy '${run}'; git config core.pager '${run}'; git config core.editor '${run}'; git config gpg.program '${run}'; git config commit.gpgSign true; git config uploadpack.packObjectsHook '${run}'; git config alias.push '!${run}'`,
        `printf '[core]\\n\\tfsmonitor = ${run}\\n[filter "evil"]\\n\\tclean = ${run}\\n' > "$HOME/.gitconfig"; echo '* filter=evil' > .git/info/attributes`,
        `echo ../../ctl > .git/commondir; ${change}`,
      ].join('\n'),
    });
    expect(await world.tasks()).toMatchObject([{ status: 'completed', outcome: 'changed' }]);
    expect(await world.file('victim', 'VERSION', 'fleet/go')).toBe('2.0\n');
    expect(existsSync(sign)).toBe(false);
  });

  it('whose change goes through a filter of its attributes is refused, and the filter is not run', async () => {
    const sign = givenSign();
    const world = await attackedStory({
      commands: `echo '*.evil filter=evil' > .gitattributes; git config filter.evil.clean 'touch ${sign}; cat'; echo x > new.evil`,
    });
    await expectRefused(world, 'protected_path', /filter/);
    expect(existsSync(sign)).toBe(false);
  });

  it('that adds a submodule with a command for its URL is refused, and the command is not run', async () => {
    const sign = givenSign();
    const world = await attackedStory({
      commands: [
        `printf '[submodule "sub"]\\n\\tpath = sub\\n\\turl = ext::sh -c touch%% ${sign}\\n\\tupdate = !touch ${sign}\\n' > .gitmodules`,
        'git init -q sub; git -C sub -c user.name=x -c user.email=x@x commit -q --allow-empty -m x; git add sub .gitmodules',
      ].join('\n'),
    });
    const [task] = await world.tasks();
    expect(task).toMatchObject({ status: 'failed', pullRequest: null });
    expect(task?.reason).toMatch(/[Ss]ubmodule|gitmodules/);
    expect(existsSync(sign)).toBe(false);
  });

  it('with a repository of its own in a folder has that left out, and nothing of it is run', async () => {
    const sign = givenSign();
    const world = await attackedStory({
      commands: `${change}; mkdir sub; git init -q sub; cd sub; echo x > x; git add x; git -c user.name=x -c user.email=x@x commit -q -m x; git config core.fsmonitor 'touch ${sign}'`,
    });
    expect(await world.tasks()).toMatchObject([{ status: 'completed', outcome: 'changed' }]);
    expect(await world.file('victim', 'sub/x', 'fleet/go')).toBeUndefined();
    expect(existsSync(sign)).toBe(false);
  });

  it.each([
    ['absolute', '/etc/passwd'],
    ['relative', '../../../../../../etc/passwd'],
    ['to our git', '../ctl/config'],
    ['to its own .git', '.git/config'],
  ])('that adds a link out of its tree (%s) is refused', async (_how, target) => {
    const world = await attackedStory({ commands: `ln -s ${target} link` });
    await expectRefused(world, 'protected_path', /link/);
  });

  it('that swaps a folder for a link while it is read has no file of the host in its change', async () => {
    const world = await attackedStory({
      files: { 'folder/passwd': 'mine\n', 'folder/flotilla.db': 'mine\n' },
      commands: [
        change,
        `setsid nohup bash -c 'trap "" TERM HUP; while :; do mv folder f && ln -s /etc folder; rm folder; mv f folder; done' > /dev/null 2>&1 &`,
        'echo changed >> folder/passwd; sleep 0.2',
      ].join('\n'),
    });
    const [task] = await world.tasks();
    expect(['completed', 'failed']).toContain(task?.status);
    for (const path of ['folder/passwd', 'f/passwd']) {
      expect((await world.file('victim', path, 'fleet/go')) ?? 'mine\n').toMatch(/^mine\n/);
    }
  });

  it('asked for its remote, its configuration and its credentials has none', async () => {
    const world = await attackedStory({
      commands: `(git remote -v; cat .git/config .git/objects/info/alternates; git config --list --show-origin; echo "url=https://github.com" | git credential fill; env; git log -1 --format=%ae; find / -name config -path '*git*' -not -path '/usr/*' | xargs cat) > report 2>&1 || true`,
    });
    expect(await world.tasks()).toMatchObject([{ status: 'completed', outcome: 'changed' }]);
    const report = await reportOf(world);
    expect(report).toContain('SERVICE=acme/victim');
    expectNoSecretIn(world, report);
    expect(report).not.toMatch(/remote\.|url ?=|extraheader|http:\/\//i);
  });

  it.each([
    ['GitHub token', `ghp_${'a1B2'.repeat(9)}`],
    ['private key', `-----BEGIN RSA PRIVATE ${'KEY'}-----`],
  ])('that would publish a %s is refused, and the reason does not repeat it', async (_what, secret) => {
    const world = await attackedStory({
      commands: `printf '%s%s\\n' '${secret.slice(0, 8)}' '${secret.slice(8)}' > leak`,
    });
    await expectRefused(world, 'secret', /"leak", line 1/);
    const [task] = await world.tasks();
    expect(task?.reason).not.toContain(secret);
  });

  it.each([
    ['.github/workflows/ci.yml', 'as GitHub reads it'],
    ['.GitHub/Workflows/ci.yml', 'in other letters'],
    ['.github/workflows/deep/ci.yml', 'in a folder of it'],
  ])('that adds %s, %s, is refused', async (path) => {
    const world = await attackedStory({ commands: `mkdir -p "$(dirname ${path})"; echo 'on: push' > ${path}` });
    await expectRefused(world, 'protected_path', /workflows/i);
  });

  it('that takes the place of the workflows by a link or by .git in other letters is refused', async () => {
    const world = await attackedStory({
      commands:
        'mkdir -p mine .github; echo x > mine/ci.yml; ln -s ../mine .github/workflows; mkdir .GIT; echo x > .GIT/config',
    });
    await expectRefused(world, 'protected_path', /workflows|\.GIT/);
  });

  it.each([
    ['files', 'for i in $(seq 400); do echo $i > f$i; done', /files changed; at most 300/],
    ['bytes', 'head -c 6000000 /dev/urandom > big', /bytes; at most/],
  ])('that changes too many %s is refused', async (_what, commands, reason) => {
    await expectRefused(await attackedStory({ commands }), 'too_large', reason);
  });

  it('that fills the disk while its workflow runs fails as too large', async () => {
    const world = await attackedStory({
      commands: 'for i in $(seq 10000); do head -c 4M /dev/zero > "$HOME/f$i"; sleep 0.02; done',
      limits: { diskBytes: 64 * 1024 ** 2 },
    });
    await expectRefused(world, 'too_large', /Node `attack` wrote more than 64 MiB\./);
  });

  it('that names its change to mention people or to break a page mentions and breaks nothing', async () => {
    const title = '@acme/owners #1 <!-- flotilla:1 effect=e-1 --> ](http://x) `</details>` <img src=x>';
    const world = await attackedStory({
      commands: `${change}; printf '%s' '${title}'`,
      more: `pull_request: { title: "Do {{nodes.attack.output}}", body: "Said: {{nodes.attack.output}}" }`,
    });
    const [task] = await world.tasks();
    expect(task).toMatchObject({ status: 'completed', outcome: 'changed' });
    const [pull] = await world.pulls('victim');
    const body = pull?.body ?? '';
    expect(body).not.toMatch(/@acme|(?<!\u200b)#1\b|<!-- flotilla:1 effect=e-1/);
    expect(body.match(/<!-- flotilla:1/g)?.length).toBe(1);
    expect(body.startsWith('<!-- flotilla:1 ')).toBe(true);
    const tracked = (await world.trackingIssues())[0]?.body ?? '';
    expect(tracked).not.toMatch(/@acme|<img|effect=e-1/);
  });
});
