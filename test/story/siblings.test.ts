import { describe, expect, it } from 'vitest';
import { services, workflowFiles } from './workflows.ts';
import { openWorld, type World } from './world.ts';

/** What a workflow reads beside its clones. */

const READ = `
name: read
services: [{ tag: app }]
siblings: [{ match: "lib-*" }, { names: [two] }]
parallel: true
nodes:
  - id: look
    bash: |
      cd "$SIBLINGS_DIR"
      for folder in */*; do echo "$folder $(cat "$folder/VERSION")"; done > "$SERVICE_DIR/seen" 2>/dev/null || true
      # Without a box it can be written, which changes this task's own copy alone.
      if [ -d acme/lib-one ]; then (echo changed > acme/lib-one/VERSION) 2>/dev/null || true; fi
`;

const seen = (world: World, repository: string) => world.file(repository, 'seen', 'fleet/read');

describe('siblings', () => {
  it('lie beside each clone as they are now, but for what fewer people can see, and the clone itself', async () => {
    const world = await openWorld({
      platform: { files: workflowFiles({ read: READ }), visibility: 'private' as const },
      repositories: [
        ...services('one', 'two').map((one) => ({ ...one, visibility: 'private' as const })),
        { ...services('open')[0], name: 'open', visibility: 'public' as const },
        { name: 'lib-one', visibility: 'private' as const, files: { VERSION: '7\n' } },
        { name: 'lib-open', visibility: 'public' as const, files: { VERSION: '8\n' } },
      ],
    });
    await world.comment('mona', '/fleet read');
    const [issue] = await world.trackingIssues();
    expect(issue?.body).not.toContain('lib-');
    expect(await seen(world, 'one')).toBe('acme/lib-one 7\nacme/lib-open 8\nacme/two 1.0\n');
    expect(await seen(world, 'two'), 'without itself').toBe('acme/lib-one 7\nacme/lib-open 8\n');
    expect(await world.file('lib-one', 'VERSION', 'main')).toBe('7\n');
    expect((await world.tasks()).map(({ repository, outcome }) => [repository, outcome])).toContainEqual([
      'acme/open',
      'changed',
    ]);
    expect(await seen(world, 'open'), 'a public clone').toBe('acme/lib-open 8\n');
  });
});
