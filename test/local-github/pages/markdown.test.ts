import { expect, test } from 'vitest';
import { renderMarkdown } from '../../../src/local-github/pages/markdown.ts';

const references = {
  issue: (repository: string | null, number: number) =>
    number === 7 ? `/${repository ?? 'acme/api'}/issues/7` : undefined,
  mention: (login: string) => (login === 'mona' ? '/mona' : undefined),
  shorten: (url: string) => (url.endsWith('/acme/web/pull/3') ? 'acme/web#3' : undefined),
};

function render(text: string, kind: 'comment' | 'file' = 'comment'): string {
  return renderMarkdown(text, kind, references)
    .text.replace(/^<div class="markdown">|<\/div>$/g, '')
    .trim();
}

test('tables, fenced code and task lists are rendered, without inline styles', () => {
  expect(render('| a | b |\n|---|--:|\n| 1 | 2 |')).toContain('<td class="align-right">2</td>');
  expect(render('```js\nif (a < b) {}\n```')).toBe('<pre><code class="language-js">if (a &lt; b) {}\n</code></pre>');
  expect(render('- [ ] open\n- [x] **done**')).toBe(
    '<ul>\n<li class="task"><input type="checkbox" disabled="">open</li>\n<li class="task"><input type="checkbox" disabled="" checked=""><strong>done</strong></li>\n</ul>',
  );
});

test('text full of dots is looked through in linear time', () => {
  const started = performance.now();
  render('a.'.repeat(64 * 1024), 'file');
  // Quadratic, it takes more than ten seconds.
  expect(performance.now() - started).toBeLessThan(3000);
});

test('a newline breaks a line in comments and not in files', () => {
  expect(render('a\nb')).toBe('<p>a<br>\nb</p>');
  expect(render('a\nb', 'file')).toBe('<p>a\nb</p>');
});

test('a folded section keeps its Markdown inside', () => {
  expect(render('<details><summary>Log of <b>test</b></summary>\n\n```\nred\n```\n\n</details>')).toBe(
    '<details><summary>Log of <b>test</b></summary>\n<pre><code>red\n</code></pre>\n</details>',
  );
  expect(render('a<br>b <sub>low</sub>')).toBe('<p>a<br>b <sub>low</sub></p>');
});

test('comments of HTML are hidden, also one that never ends', () => {
  expect(render('<!-- flotilla:1 effect=e1 -->\nHello <!-- x --> you')).toBe('<p>Hello  you</p>');
  expect(render('shown\n\n<!-- the rest\n\nis gone')).toBe('<p>shown</p>');
});

test.each([
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  'text <svg/onload=alert(1)> text',
  '<details open ontoggle=alert(1)><summary>x</summary></details>',
  '<b style="position:fixed">x</b>',
  '</div></main><iframe src=//evil>',
  '<a href="javascript:alert(1)">x</a>',
  '<<script>script>alert(1)<</script>/script>',
])('%s does nothing but show itself', (text) => {
  const tags = [...render(text).matchAll(/<\/?([a-z]+)([^>]*)>/g)];
  expect(tags.filter(([, name]) => !['p', 'b', 'details', 'summary', 'br'].includes(name ?? ''))).toEqual([]);
  expect(tags.filter(([, , attributes]) => !['', ' open'].includes(attributes ?? ''))).toEqual([]);
});

test('links that could run code stay text', () => {
  expect(render('[x](javascript:alert(1)) [y](data:text/html,hi)')).not.toContain('href');
});

test('references to issues and people become links, outside of code and links', () => {
  expect(render('see #7, acme/web#7 and #8, `#7`, [a #7](https://x.test)')).toBe(
    '<p>see <a href="/acme/api/issues/7">#7</a>, <a href="/acme/web/issues/7">acme/web#7</a> and #8, <code>#7</code>, <a href="https://x.test">a #7</a></p>',
  );
  expect(render('@mona and @nobody, mail@mona')).toBe(
    '<p><a href="/mona" class="mention">@mona</a> and @nobody, mail@mona</p>',
  );
  expect(render('http://h.test/acme/web/pull/3 and src/main.rs')).toBe(
    '<p><a href="http://h.test/acme/web/pull/3">acme/web#3</a> and src/main.rs</p>',
  );
});
