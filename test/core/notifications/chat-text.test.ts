import { expect, test } from 'vitest';
import { chatText, chatUrl } from '../../../src/core/notifications/chat-text.ts';

const Z = '\u200b';

test.each([
  ['bump-shared-lib', 'bump-shared-lib'],
  ['acme/service_api', 'acme/service_api'],
  ['<!channel> & <@U1|x>', `&lt;!channel&gt; &amp; &lt;${Z}@${Z}U1|x&gt;`],
  ['*bold* `code`', `${Z}*${Z}bold${Z}*${Z} ${Z}\`${Z}code${Z}\`${Z}`],
  ['_it_', `${Z}_${Z}it${Z}_${Z}`],
  ['one\ntwo\u202e', 'one two '],
])('%j is shown in chat as %j', (value, shown) => {
  expect(chatText(value)).toBe(shown);
});

test('an address cannot end its link', () => {
  expect(chatUrl('https://github.com/a/b/issues/1?x=1&y=<|>')).toBe(
    'https://github.com/a/b/issues/1?x=1&amp;y=%3C%7C%3E',
  );
});
