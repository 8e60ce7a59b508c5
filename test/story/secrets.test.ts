import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { configuredAgent } from './configured-agent.ts';
import { services, workflowFiles } from './workflows.ts';
import { openWorld } from './world.ts';

// Put together here, so that this file holds nothing that looks like a secret.
const old = `glpat-${'a1'.repeat(10)}`;
const operators = 'c0rrect-horse-battery';

const go = (script: string): string => `
name: go
services: [{ tag: app }]
inputs: { do: { required: true } }
pull_request: { title: 'Go: {{nodes.go.output}}', body: '{{nodes.go.output}}' }
nodes:
  - id: go
    bash: |
      operators=c0rrect-; operators+=horse-battery
      case "$INPUTS_DO" in
${script}      esac
  - { id: next, bash: 'echo "$NODES_GO_OUTPUT" > seen; cat seen', depends_on: [go] }
`;

it('what leaves a task is searched for secrets, whatever it is, and what is kept of it is without them', async () => {
  const files = workflowFiles({
    go: go(`
        value) echo "key=$operators" > config.ini ;;
        name) touch '${old.slice(0, -1)}2' ;;
        new) echo '// secretlint-disable\\nx="${old.slice(0, -1)}2"' > b.ts ;;
        moved) mkdir -p lib; mv a.ts lib/a.ts; echo changed >> lib/a.ts ;;
        told) echo "The key $operators and ${old} here" ; echo change > done ;;
`),
  });
  const world = await openWorld({
    agents: { other: configuredAgent({ command: 'true', env: { KEY: operators } }) },
    platform: { files },
    repositories: services('one').map((one) => ({ ...one, files: { 'a.ts': `const x = '${old}';\n` } })),
  });
  const ends = async (what: string): Promise<string> => {
    await world.comment('mona', `/fleet go do=${what}`);
    const task = (await world.tasks()).at(-1);
    expect(task?.reason ?? '').not.toContain(operators);
    expect(task?.reason ?? '').not.toContain('glpat-');
    return `${task?.outcome ?? task?.category}: ${task?.reason}`;
  };

  expect(await ends('value')).toMatch(/^secret: "config.ini", line 1, holds what looks like a value that the operator/);
  expect(await ends('name')).toMatch(/^secret: The name of a new file holds what looks like a GitLab/);
  expect(await ends('new')).toMatch(/^secret: "b.ts", line \d, holds what looks like a GitLab/);
  expect(await ends('moved')).toMatch(/^changed/);

  expect(await ends('told')).toMatch(/^changed/);
  expect((await world.pulls('one')).map(({ title }) => title)).toContain('Go: The key *** and *** here');
  expect(await world.file('one', 'seen', 'fleet/go-told')).toBe('The key *** and *** here\n');
  const nodes = await world.store.read.nodes.ofTask((await world.tasks()).at(-1)?.id ?? '', 1);
  expect(nodes.map(({ output }) => output)).toEqual(['The key *** and *** here', 'The key *** and *** here']);
  // The work tree of the task that failed is kept for people.
  expect(onDisk(join(world.folder, 'data'))).toEqual([expect.stringMatching(/\/tree\/config\.ini$/)]);
});

/** Files of our own that hold the operator's value, which the workflow itself only has in parts. */
const onDisk = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => readFileSync(path).includes(operators));
