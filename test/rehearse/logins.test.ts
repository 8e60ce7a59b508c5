import { expect, test } from 'vitest';
import { chooseLogins } from '../../src/rehearse/logins.ts';
import { RehearseError } from '../../src/rehearse/options.ts';
import { parseRehearseFile } from '../../src/rehearse/rehearse-file.ts';

const loginsOf = (folder: string, file = '') => chooseLogins(parseRehearseFile(file), folder);

test.each([
  ['services', { organization: 'services', sender: 'octocat' }],
  ['My Services!', { organization: 'My-Services', sender: 'octocat' }],
  ['..', { organization: 'rehearsal', sender: 'octocat' }],
  ['x'.repeat(60), { organization: 'x'.repeat(39), sender: 'octocat' }],
])('the folder %s becomes the organization', (folder, logins) => {
  expect(loginsOf(folder)).toEqual(logins);
});

test('in a folder named like the usual sender, somebody else gives the command', () => {
  expect(loginsOf('octocat')).toEqual({ organization: 'octocat', sender: 'mona' });
  expect(loginsOf('OctoCat')).toEqual({ organization: 'OctoCat', sender: 'mona' });
  expect(loginsOf('x', 'organization: octocat')).toEqual({ organization: 'octocat', sender: 'mona' });
});

test('a sender that the file names like the organization is refused', () => {
  expect(() => loginsOf('acme', 'sender: ACME')).toThrow(RehearseError);
  expect(() => loginsOf('acme', 'sender: ACME')).toThrow('in .fleet-rehearse.yml another name');
});
