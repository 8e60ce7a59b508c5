import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { REFUSALS } from '../../../src/core/refusals.ts';
import { API_ERRORS, statusOf } from '../../../src/edge/api/api-error.ts';
import { openWorld } from '../world.ts';
import { ask } from './api-client.ts';
import { follow } from './event-client.ts';

const GUIDE = readFileSync(join(import.meta.dirname, '../../../docs/guides/api.md'), 'utf8');

const WORK = `
name: set-version
inputs: { version: { required: true } }
services: any
nodes:
  - { id: gate, approval: { message: "Go on?" } }
  - { id: set, bash: 'echo "$INPUTS_VERSION" > VERSION; test ! -e fail', depends_on: [gate] }
`;

interface Request {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | undefined;
}

/** The commands of the page as requests; throws for one that is written in another way than the others. */
function requests(): Request[] {
  const blocks = [...GUIDE.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block.replaceAll('\\\n', ' '));
  const lines = blocks.flatMap((block) => block.split('\n')).filter((line) => line.startsWith('curl'));
  return lines.map((line) => {
    const parts = /^curl (?:-N )?(-X POST )?"\$FLEET_URL([^"]+)"((?:\s+-H "[^"]+")*)(?:\s+-d '([^']+)')?\s*$/.exec(
      line,
    );
    if (parts === null) throw new Error(`The guide writes another kind of command: ${line}`);
    const [, post, path = '', headers = '', body] = parts;
    const pairs = [...headers.matchAll(/-H "([^:]+): ([^"]+)"/g)].map(([, name = '', value = '']) => [
      name.toLowerCase(),
      value,
    ]);
    return {
      method: post !== undefined || body !== undefined ? 'POST' : 'GET',
      path,
      headers: Object.fromEntries(pairs),
      body,
    };
  });
}

test('the commands of the guide do what it says, one after another', async () => {
  const world = await openWorld({
    settings: 'api: { allow_pat: true }\n',
    repositories: [{ name: 'service-a' }, { name: 'service-b', files: { fail: '' } }],
    platform: { files: { '.github/fleet/set-version.yml': WORK } },
  });
  const token = world.tokens.mona ?? '';
  let ids: Record<string, string> = {};
  const told: string[] = [];
  for (const { method, path, headers, body } of requests()) {
    const { authorization, 'content-type': type, ...own } = headers;
    expect(authorization).toBe('Bearer $FLEET_TOKEN');
    expect(type).toBe(body === undefined ? undefined : 'application/json');
    const at = path.replace(/\$(\w+)/g, (_, name: string) => ids[name] ?? `no ${name}`);
    if (at.endsWith('/events')) {
      await follow(world, token, at, ({ events }) => events.length > 0);
      told.push('events 200');
      continue;
    }
    const answer = await ask(world, token, method, at, body, own);
    const last = path.split('/').at(-1)?.split('?')[0];
    told.push(`${last} ${answer.status}`);
    if (answer.status === 201) ids = { FLEET_ID: answer.body.fleet.id, TASK_ID: answer.body.fleet.tasks[0].id };
    world.clock.move(1000);
    await world.settle();
  }
  expect(told).toEqual([
    'fleets 201',
    '$FLEET_ID 200',
    '$TASK_ID 200',
    'logs 200',
    'events 200',
    'pause 200',
    'resume 200',
    'approve 200',
    'retry 200',
    'cancel 200',
    'fleets 200',
  ]);
});

test('the table of errors has each code beside its status', () => {
  const rows = [...GUIDE.matchAll(/^\| (\d{3}) +\| ([^|]+)\|/gm)];
  const told = rows.flatMap(([, status, codes = '']) =>
    [...codes.matchAll(/`(\w+)`/g)].map(([, code = '']) => [code, Number(status)]),
  );
  for (const [code, status] of told) {
    const known = Object.entries({ ...API_ERRORS, ...REFUSALS }).find(([name]) => name === code);
    expect(typeof known?.[1] === 'number' ? known[1] : known?.[1].status, String(code)).toBe(status);
  }
  expect(told.length).toBeGreaterThan(20);
  expect(statusOf('wrong_state')).toBe(409);
});
