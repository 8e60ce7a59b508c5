import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** Where a program is in the folders of `path`, relative ones left out; null: in none. */
export function findProgram(name: string, path: string): string | null {
  const found = path.split(delimiter).find((folder) => isAbsolute(folder) && isExecutable(join(folder, name)));
  return found === undefined ? null : join(found, name);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
