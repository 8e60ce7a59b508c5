import { expect } from 'vitest';
import type { World } from '../world.ts';

/** What a refused request must leave as it is, on this server and on GitHub. */
interface Traces {
  fleets: number;
  tasks: number;
  answers: number;
  creations: number;
}

export async function tracesOf(world: World): Promise<Traces> {
  await world.settle();
  const { read } = world.store;
  const fleets = await read.fleets.all();
  const tasks = await Promise.all(fleets.map(({ id }) => read.tasks.ofFleet(id)));
  const changing = world.github.requests.all().filter(({ method, path }) => {
    return method !== 'GET' && !/access_tokens$|\/applications\/|graphql$/.test(path);
  });
  return {
    fleets: fleets.length,
    tasks: tasks.flat().length,
    answers: (await world.answers()).length,
    creations: changing.length,
  };
}

/** The one envelope, with what a client needs. */
export function expectEnvelope(
  answer: { status: number; headers: Headers; body: unknown },
  expected: { status: number; code: string },
  name: string,
): void {
  expect.soft({ status: answer.status, body: answer.body }, name).toEqual({
    status: expected.status,
    body: {
      error: {
        code: expected.code,
        message: expect.stringMatching(/\S/),
        remedy: expect.stringMatching(/\S/),
        request_id: answer.headers.get('x-request-id'),
      },
    },
  });
}
