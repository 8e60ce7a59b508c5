// Runs in the box, started by its first shell: what connects to 127.0.0.1 is led to the socket of the proxy outside.
// Untrusted from the moment the command runs; it holds nothing and can do nothing that the command could not.
import { closeSync, openSync, writeSync } from 'node:fs';
import { connect, createServer } from 'node:net';

const [, , socket, port] = process.argv;

const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (near) => {
  const far = connect({ path: socket, allowHalfOpen: true });
  for (const [one, other] of [
    [near, far],
    [far, near],
  ]) {
    one.on('error', () => undefined);
    one.on('close', () => other.destroy());
    one.pipe(other);
  }
  near.resume();
});

server.listen(Number(port), '127.0.0.1', () => {
  writeSync(1, 'ready');
  // The shell waits for the end of this output; the number must not become that of a connection.
  closeSync(1);
  openSync('/dev/null', 'w');
});
