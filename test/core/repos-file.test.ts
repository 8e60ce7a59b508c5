import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readReposFile } from '../../src/core/repos-file.ts';

const read = (text: string, filename: string, owner: string | null = null) => readReposFile(text, filename, owner);
const names = (text: string, filename: string, owner: string | null = null) => {
  const file = read(text, filename, owner);
  return file.ok ? file.repositories : file.faults.map(({ line, message }) => `${line}: ${message}`);
};

describe('a file of repositories', () => {
  it('is a text with one a line, and comments', () => {
    const text = '\ufeff# ours\r\nacme/api\r\n\r\n  acme/web  # the shop\nweb-2\nACME/API\n';
    expect(names(text, 'repos.txt', 'acme')).toEqual(['acme/api', 'acme/web', 'acme/web-2']);
    expect(names(text, '-', 'acme')).toEqual(['acme/api', 'acme/web', 'acme/web-2']);
  });

  it('is a CSV with a column for them, or whose first column they are', () => {
    const text = 'Team,Repository,description\nA,"acme/api","one, with ""quotes""\nand lines"\nB, acme/web ,\n';
    expect(names(text, 'repos.csv')).toEqual(['acme/api', 'acme/web']);
    expect(names(text, '-')).toEqual(['acme/api', 'acme/web']);
    expect(names('acme/api;x\nacme/web;y', 'repos.csv')).toEqual(['acme/api', 'acme/web']);
    expect(names('"name"\n"api"\n', '-', 'acme')).toEqual(['acme/api']);
  });

  it('is a manifest of YAML or JSON', () => {
    expect(names('repositories:\n  - acme/api\n  - { name: acme/web, tier: 1 }\n', 'x.yml')).toEqual([
      'acme/api',
      'acme/web',
    ]);
    expect(names('- api\n- name: web\n', '-', 'acme')).toEqual(['acme/api', 'acme/web']);
    expect(names('["acme/api"]', 'x.json')).toEqual(['acme/api']);
  });

  it('names the line and what to do', () => {
    expect(read('acme/api\nweb\nhttps://github.com/acme/shop.git\na b/c\n', 'x.txt')).toEqual({
      ok: false,
      faults: [
        { line: 2, message: '`web` has no owner.', hint: 'Write `owner/web`, or give the owner with --org.' },
        { line: 3, message: '`https://github.com/acme/shop.git` is an address.', hint: 'Write `acme/shop`.' },
        { line: 4, message: "`a b/c` is no repository's name.", hint: 'Write `owner/name`.' },
      ],
    });
    expect(names('repository,x\nacme/api,"a\nb"\n,z\n', 'x.csv')).toEqual(['4: There is no repository on this line.']);
    expect(names('a,"b\nc', 'x.csv')).toEqual(['1: A quote is opened here and never closed.']);
    expect(names('repositories:\n  - acme/api\n  - { repo: x }\n', 'x.yml')).toEqual(['3: This entry has no name.']);
    expect(names('repos: 1', 'x.yml')).toEqual(['1: There is no list.']);
    expect(names('a: [', 'x.yml')[0]).toMatch(/^1: It is no YAML/);
    expect(names('# nothing\n', 'x.txt')).toEqual(['1: There is no repository in the file.']);
  });

  it('holds 10,000 at most', () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => `acme/r${index}`).join('\n');
    expect(names(many(10_000), 'x.txt')).toHaveLength(10_000);
    expect(names(many(10_005), 'x.txt')).toEqual(['10001: There are more than 10000 repositories.']);
  });

  it('never gives anything but full names, and never throws', () => {
    const files = fc.constantFrom('x.txt', 'x.csv', 'x.yml', '-');
    const texts = fc.oneof(
      fc.string(),
      fc
        .array(fc.constantFrom('acme/api', ',', '"', '\n', '- ', ': ', '&a', '*a', '#'), { maxLength: 30 })
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(texts, files, fc.constantFrom(null, 'acme'), (text, filename, owner) => {
        const file = read(text, filename, owner);
        if (file.ok) for (const name of file.repositories) expect(name).toMatch(/^[\w-]+\/[\w.-]+$/);
        else expect(file.faults.length).toBeGreaterThan(0);
      }),
    );
  });
});
