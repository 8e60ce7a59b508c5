import { RehearseError } from './options.ts';
import { type RehearseFile, rehearseFileName } from './rehearse-file.ts';

/** GitHub has one space of names for people and organizations, and case does not count in it. */
const SENDERS = ['octocat', 'mona'];

/**
 * Who owns the copies and who gives the command: what the file says, else the folder's name and a name that is free.
 * Throws RehearseError where both are to be one.
 */
export function chooseLogins(file: RehearseFile, folderName: string): { organization: string; sender: string } {
  const organization = file.organization ?? loginOf(folderName);
  const taken = (login: string): boolean => login.toLowerCase() === organization.toLowerCase();
  const sender = file.sender ?? SENDERS.find((login) => !taken(login)) ?? 'octocat';
  if (!taken(sender)) return { organization, sender };
  throw new RehearseError(
    `The organization and the sender cannot both be \`${sender}\`; give \`organization:\` or \`sender:\` in ${rehearseFileName} another name.`,
  );
}

/** A folder's name as a login: letters, digits and single dashes. */
function loginOf(name: string): string {
  const login = name
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 39)
    .replace(/-+$/, '');
  return login === '' ? 'rehearsal' : login;
}
