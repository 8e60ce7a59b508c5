import { expect, it } from 'vitest';
import { shownLog } from '../../src/fleet/task-logs.ts';

const file = { name: '1.a.log', path: '/x', tryNumber: 1, iteration: null, part: null, isTranscript: false } as const;
const shown = (text: string, whole: boolean) => shownLog({ tail: async () => ({ text, whole }) }, file, 100);

it('shows a log without a line whose beginning is cut off, as it could end a credential', async () => {
  expect(await shown('KLMNOPQRSTUVWXYZ\nnext\n', false)).toEqual({ text: 'next\n', whole: false });
  expect(await shown('KLMNOPQRSTUVWXYZ', false)).toEqual({ text: '', whole: false });
  expect(await shown('first\nnext\n', true)).toEqual({ text: 'first\nnext\n', whole: true });
});

it('has nothing to show of a file that is gone', async () => {
  expect(await shownLog({ tail: async () => undefined }, file, 100)).toBe(undefined);
});
