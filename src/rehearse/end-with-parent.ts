/**
 * Loaded before main.ts, whose standard input is a pipe of the rehearsal: when that ends, however it ended, the pipe
 * closes, and the app stops as on SIGTERM instead of being left behind.
 */
import { isMainThread } from 'node:worker_threads';

// A thread loads it again, and its standard input closes with the thread.
if (isMainThread) {
  process.stdin.once('close', () => process.kill(process.pid, 'SIGTERM'));
  process.stdin.on('error', () => undefined);
  process.stdin.resume();
  // Waiting for that must not keep an app alive that has nothing else to do.
  if ('unref' in process.stdin) process.stdin.unref();
}
