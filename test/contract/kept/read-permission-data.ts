import { readFile } from 'node:fs/promises';
import { cutPermissions } from './cut-permissions.ts';

/**
 * What a `server-to-server-permissions.json` says of some operations, as `cutPermissions` gives it.
 * @param place of the file: a path, or the https URL of the raw file
 * @throws Error when it is not there, or names none of the operations
 */
export async function readPermissionData(
  place: string,
  operations: readonly string[],
): Promise<ReturnType<typeof cutPermissions>> {
  const cut = cutPermissions(parseJson(await read(place), place), operations);
  if (Object.keys(cut).length === 0) {
    throw new Error(
      `${place} names none of our operations: it is no server-to-server-permissions.json of github/docs.`,
    );
  }
  return cut;
}

async function read(place: string): Promise<string> {
  if (!place.startsWith('https://')) return readFile(place, 'utf8');
  const response = await fetch(place);
  if (!response.ok) throw new Error(`${place} answered ${response.status}; give the URL of the raw file, or a file.`);
  return response.text();
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${place} is no JSON; give the raw server-to-server-permissions.json of github/docs.`);
  }
}
