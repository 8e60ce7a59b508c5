import { expect, test } from 'vitest';
import { Admission } from '../../../src/edge/api/admission.ts';
import { ApiError } from '../../../src/edge/api/api-error.ts';
import type { Caller } from '../../../src/ports/callers.ts';

let now = 0;
const person = (id: number): Caller => ({ kind: 'person', person: { id, login: `p${id}` } });

/** The error that this meets, with the seconds to wait. */
function met(work: () => void): { code: string; wait: number } | null {
  try {
    work();
    return null;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { code: error.code, wait: Number(error.headers['retry-after']) };
  }
}

const times = (count: number, work: (index: number) => void) =>
  Array.from({ length: count }, (_, index) => met(() => work(index)));

test('one address asks so many, then waits, and has room again after that', () => {
  const admission = new Admission(300, () => now);
  expect(times(30, () => admission.asking('203.0.113.1'))).toEqual(Array(30).fill(null));
  expect(met(() => admission.asking('203.0.113.1'))).toEqual({ code: 'rate_limited', wait: 2 });
  expect(met(() => admission.asking('203.0.113.2'))).toBeNull();
  now += 2_000;
  expect(met(() => admission.asking('203.0.113.1'))).toBeNull();
});

test('all addresses together have a bound too', () => {
  const admission = new Admission(300, () => now);
  expect(times(60, (index) => admission.asking(`203.0.113.${index}`))).toEqual(Array(60).fill(null));
  expect(met(() => admission.asking('198.51.100.1'))).toEqual({ code: 'overloaded', wait: 1 });
});

test.each([
  ['of one network of version 6', (index: number) => `2001:db8:1:2:${index.toString(16)}::1`],
  ['of one short network of version 6', (index: number) => `2001:db8::${index.toString(16)}`],
  ['written as version 6', (index: number) => (index % 2 === 0 ? '::ffff:203.0.113.9' : '203.0.113.9')],
  ['that are not told', () => undefined],
])('addresses %s count as one', (_, address) => {
  const admission = new Admission(300, () => now);
  const met = times(31, (index) => admission.asking(address(index)));
  expect(met.at(-1)).toMatchObject({ code: 'rate_limited' });
});

test('networks of version 6 that differ count each', () => {
  const admission = new Admission(300, () => now);
  expect(times(40, (index) => admission.asking(`2001:db8:0:${index.toString(16)}::1`))).toEqual(Array(40).fill(null));
});

test('what strangers ask together holds up those alone who were refused themselves', () => {
  const admission = new Admission(300, () => now);
  for (let id = 1; id <= 30; id += 1) admission.forbidden(person(id));
  expect(met(() => admission.identified(person(1)))).toMatchObject({ code: 'overloaded' });
  expect(met(() => admission.identified(person(99)))).toBeNull();
  now += 3_000;
  expect(met(() => admission.identified(person(1)))).toBeNull();
});
