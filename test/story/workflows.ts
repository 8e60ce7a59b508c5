/** Workflows of the stories, as their authors would write them. */

export const bump = (services: string, more = ''): string => `
name: bump
inputs:
  version: { required: true }
services: ${services}
${more}
nodes:
  - id: write
    bash: printf '%s\\n' "$INPUTS_VERSION" > VERSION
`;

/** A file of the control repository that makes a workflow known. */
export const workflowFiles = (files: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries([
    ['README.md', '# platform\n'],
    ...Object.entries(files).map(([name, text]) => [`.github/fleet/${name}.yml`, text]),
  ]);

export const services = (...names: string[]) => names.map((name) => ({ name, topics: ['app'] }));
