import { placeOfValue } from './read/places.ts';
import { readYaml } from './read/read-yaml.ts';
import type { Fault, WorkflowSource } from './types.ts';

/** A workflow is found by its file's name and shown by its own; the app refuses one in which they differ. */
export function fileNameFaults({ text, origin }: Pick<WorkflowSource, 'text' | 'origin'>, own: string): Fault[] {
  const base = origin.slice(origin.lastIndexOf('/') + 1);
  if (base === `${own}.yml`) return [];
  const read = readYaml(text, origin);
  if (!read.ok) return [];
  const place = { file: origin, ...placeOfValue(read.file, ['name']), code: 'file_name' };
  const name = base.replace(/\.ya?ml$/, '');
  const message = `The workflow calls itself \`${own}\`, but \`/fleet ${own}\` looks for \`${own}.yml\`.`;
  const hint =
    name === own
      ? `Rename the file to \`${own}.yml\`.`
      : `Write \`name: ${name}\`, or rename the file to \`${own}.yml\`.`;
  return [{ ...place, message, hint }];
}
