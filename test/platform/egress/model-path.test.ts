import { expect, test } from 'vitest';
import { modelPath } from '../../../src/platform/egress/model-path.ts';

test.each([
  ['/messages', '/v1/messages'],
  ['/messages?beta=true', '/v1/messages?beta=true'],
  ['/', '/v1/'],
  ['/models/gemini-2.5-pro:streamGenerateContent?alt=sse', '/v1/models/gemini-2.5-pro:streamGenerateContent?alt=sse'],
  ['/models/a..b/...', '/v1/models/a..b/...'],
  ['/models/caf%C3%A9', '/v1/models/caf%C3%A9'],
  ['/m?next=../../x', '/v1/m?next=../../x'],
])('%s goes on below the address of the API', (asked, path) => expect(modelPath('/v1', asked)).toBe(path));

test.each([
  ['/m?key=other&alt=sse', '/v1/m?alt=sse'],
  ['/m?KEY=other', '/v1/m'],
  ['/m?k%65y=other', '/v1/m'],
  ['/m?access_token=other&a=1', '/v1/m?a=1'],
  ['/m?api_key', '/v1/m'],
  ['/m?%zz=1&a=1', '/v1/m?a=1'],
])('%s loses the key of another account', (asked, path) => expect(modelPath('/v1', asked)).toBe(path));

test.each([
  '/../admin',
  '/..',
  '/.',
  '/a/../../admin',
  '/a/./b',
  '/..;/admin',
  '/..;x=1/admin',
  '/%2e%2e/admin',
  '/%2E%2E/admin',
  '/.%2e/admin',
  '/%252e%252e/admin',
  '/a%2fb',
  '/a%5cb',
  '/a\\..\\admin',
  '/a%00',
  '/a%',
  '/a%g0',
  '//evil.example/v1',
  '/a//b',
  '/a#b',
  '/a?b#c',
  '/a b',
  '/a?b c',
  '/a\r\nx: y',
  '/é',
  '*',
  '',
  'http://evil.example/',
])('%j could lead elsewhere and is refused', (asked) => expect(modelPath('/v1', asked)).toBeNull());
