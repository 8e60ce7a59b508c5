import { spawn } from 'node:child_process';
import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { readCgi } from '../../src/local-github/git/cgi.ts';

const PROGRAM = `process.stdout.write('Status: 200\\r\\n\\r\\n' + 'x'.repeat(4_000_000))`;

it('leaves no listener behind on a reader that is slower than the program', async () => {
  let received = 0;
  const slow = new Writable({
    highWaterMark: 1024,
    write(chunk: Buffer, _encoding, done) {
      received += chunk.length;
      setImmediate(done);
    },
  });
  let most = 0;
  slow.on('newListener', (event) => {
    most = Math.max(most, slow.listenerCount(event) + 1);
  });
  await readCgi(spawn(process.execPath, ['-e', PROGRAM]), () => slow);
  await new Promise((resolve) => slow.once('finish', resolve));
  expect(received).toBe(4_000_000);
  expect(most).toBeLessThan(5);
});
