import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { candidatesFor } from '../../src/cli/completion/candidates.ts';
import { completionScript } from '../../src/cli/completion/scripts.ts';
import { createProgram } from '../../src/cli/program.ts';

const BIN = join(import.meta.dirname, '..', '..', 'bin', 'fleet.js');

const complete = (...words: string[]) => {
  const { candidates, paths } = candidatesFor(createProgram(), words, ['bump-shared-lib']);
  return { values: candidates.map(({ value }) => value), paths };
};

describe('what is completed', () => {
  it.each([
    [['pla'], ['plan'], null],
    [['agents', ''], ['check', 'help'], null],
    [['help', 'unt'], ['untag'], null],
    [['help', 'tag', ''], [], null],
    [['logs', '--no'], ['--node'], null],
    [['completion', ''], ['bash', 'zsh', 'fish'], null],
    [['plan', 'bu'], ['bump-shared-lib'], 'files'],
    [['plan', '--on', ''], [], 'folders'],
    [['plan', '--tag', 'x', '--json', 'bump-shared-lib', '--st'], ['--stub'], null],
    [['plan', '--', '--st'], [], 'files'],
    [['tag', 'x', '--repos-file=a'], [], 'files'],
    [['tag', 'x', '--json=a'], [], null],
    [['validate', 'a.yml', ''], [], 'files'],
    [['backup', ''], [], 'files'],
    [['rehearse', '.', 'add-file', 'key=v'], [], null],
    [['unheard', ''], [], null],
  ])('%j', (words, values, paths) => {
    expect(complete(...words)).toEqual({ values, paths });
  });

  it('shows every command but the one that the scripts ask', () => {
    expect(complete('').values).toEqual(expect.arrayContaining(['rehearse', 'tag', 'completion']));
    expect(complete('').values).not.toContain('complete');
  });
});

describe('bash', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'fleet-completion-'));
    writeFileSync(join(folder, 'fleet'), `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`);
    chmodSync(join(folder, 'fleet'), 0o755);
    mkdirSync(join(folder, 'home'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What a shell would offer for a line with the cursor at its end. */
  const offered = (line: string, path = `${folder}:${process.env.PATH}`): string[] => {
    const ask = `${completionScript('bash')}\nCOMP_LINE=$LINE COMP_POINT=\${#LINE}; _fleet; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const options = { cwd: join(folder, 'home'), env: { PATH: path, LINE: line }, encoding: 'utf8' } as const;
    return execFileSync('/bin/bash', ['--norc', '-c', ask], options).trimEnd().split('\n');
  };

  it('offers commands, options, and what follows a colon or an equals sign', () => {
    expect(offered('fleet unt')).toEqual(['untag']);
    expect(offered('fleet tag platform:my-app --pl')).toEqual(['--plan']);
    expect(offered('fleet completion ')).toEqual(['bash', 'zsh', 'fish']);
  });

  it('runs nothing that stands on the line', () => {
    expect(offered('fleet tag $(touch${IFS}pwned) `touch pwned` ; touch pwned --pl')).toEqual(['--plan']);
    expect(existsSync(join(folder, 'home', 'pwned'))).toBe(false);
  });

  it('offers nothing where fleet is not found', () => {
    expect(offered('fleet unt', '/nowhere')).toEqual(['']);
  });
});
