import { expect, test } from 'vitest';
import { boxHint } from '../../src/core/box-hint.ts';

test.each([
  [153, '', 'a file grew beyond `box.file_size`'],
  [137, '', 'it was killed, as what computes longer than `box.cpu_time` is'],
  [6, 'curl: (6) Could not resolve host: example.com', 'its box has no network'],
  [1, 'npm error code EAI_AGAIN', 'its box has no network'],
  [1, 'npm error 403 Refused by Flotilla', 'its box may not reach that host'],
  [1, 'MemoryError', 'its box has `box.memory`'],
  [1, 'bash: fork: retry: Resource temporarily unavailable', 'its box has `box.processes`'],
])('status %i with %j is explained by the box', (status, tail, hint) => {
  expect(boxHint(status, tail)).toContain(hint);
});

test.each([
  [1, '1 test failed'],
  [127, 'bash: line 1: hi: command not found'],
  [null, ''],
])("status %s with %j is the command's own", (status, tail) => {
  expect(boxHint(status, tail)).toBe(null);
});
