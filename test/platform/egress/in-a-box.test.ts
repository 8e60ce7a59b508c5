import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Box, BoxLimits, OpenBox } from '../../../src/ports/sandbox.ts';
import { boxedWith, emptyBox, noSandbox } from '../../sandboxes.ts';
import { givenServer, KEY } from './given-egress.ts';

const NODE = process.execPath;

async function openBox(box: Partial<Box>, hosts: string[] = [], limits: Partial<BoxLimits> = {}): Promise<OpenBox> {
  const open = await boxedWith(limits, hosts).open({ ...emptyBox, ...box });
  onTestFinished(() => open.close());
  return open;
}

function start(box: OpenBox, command: string, args: string[], env: Record<string, string> = {}) {
  const own = { PATH: '/usr/bin:/bin', ...env };
  const enclosed = box.enclose({ command, args, cwd: '/', env: own });
  const child = spawn(enclosed.command, enclosed.args, {
    cwd: enclosed.cwd,
    env: enclosed.env,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  if (child.stdio[3] instanceof Writable) child.stdio[3].end(enclosed.control);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, ended, output: Promise.all([text(child.stdout), text(child.stderr)]) };
}

async function run(box: OpenBox, script: string, env: Record<string, string> = {}) {
  const { child, ended, output } = start(box, 'bash', ['-c', script], env);
  child.stdin.end();
  const [stdout, stderr] = await output;
  return { status: await ended, stdout, stderr };
}

/** As tools that obey the variables do, for hosts that are not the loopback's. */
const GET = `
const { connect } = require('node:net');
const [url] = process.argv.slice(1);
const proxy = new URL(process.env.HTTP_PROXY);
const socket = connect(Number(proxy.port), proxy.hostname, () =>
  socket.write('GET ' + url + ' HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n'));
socket.pipe(process.stdout);
`;

describe.skipIf(noSandbox !== null)(
  `a box with a way out${noSandbox === null ? '' : ` (skipped: ${noSandbox})`}`,
  () => {
    it('has no interface but its own loopback and no route', async () => {
      const { port, taken } = await givenServer();
      const box = await openBox({}, [`127.0.0.1:${port}`]);
      const { stdout } = await run(
        box,
        'tail -n +3 /proc/net/dev | cut -d: -f1; tail -n +2 /proc/net/route; cut -c1-32 /proc/net/ipv6_route',
      );
      expect(
        stdout
          .split('\n')
          .map((line) => line.trim())
          .filter((line) => !/^(?:lo|0+1?|)$/.test(line)),
      ).toEqual([]);
      const direct = await run(box, `echo > /dev/tcp/127.0.0.1/${port}`);
      expect(direct.status).not.toBe(0);
      expect(direct.stderr).toContain('Connection refused');
      expect(taken).toEqual([]);
    });

    it('reaches a host on the list and no other', async () => {
      const { port, taken } = await givenServer();
      const box = await openBox({}, [`127.0.0.1:${port}`]);
      const get = (url: string) => run(box, `"${NODE}" -e "$GET" ${url}`, { GET });
      expect((await get(`http://127.0.0.1:${port}/hello`)).stdout).toContain('answer to /hello');
      expect((await get('http://evil.test/')).stdout).toContain('may not reach evil.test:80');
      expect(taken).toHaveLength(1);
      const curl = `command -v curl >/dev/null || { echo no curl; exit; }
      curl -s --noproxy '' -p http://127.0.0.1:${port}/tunnel; curl -sS https://evil.test/; echo status $?`;
      const { stdout, stderr } = await run(box, curl);
      if (stdout !== 'no curl\n') {
        expect(stdout).toBe('answer to /tunnel\nstatus 56\n');
        expect(stderr).toContain('403');
      }
    });

    it("is where Node's own fetch goes by the list", async () => {
      const { port } = await givenServer();
      const box = await openBox({}, [`127.0.0.1:${port}`]);
      const script = `export NO_PROXY= no_proxy=
      get() { "${NODE}" -e "fetch('$1').then(async (r) => console.log(await r.text()), () => console.log('failed'))"; }
      get http://127.0.0.1:${port}/fetched; get http://evil.test/`;
      expect((await run(box, script)).stdout).toBe('answer to /fetched\n\nfailed\n');
    });

    it('asks the model with a key that is nowhere in it', async () => {
      const { port, taken } = await givenServer();
      const box = await openBox({ modelApi: { url: `http://127.0.0.1:${port}/v1`, header: 'x-api-key', value: KEY } });
      const script = `
      "${NODE}" -e "fetch('$MODEL/messages', { method: 'POST', body: '{}' }).then(async (r) => console.log(await r.text()))"
      cat /proc/*/environ /proc/*/cmdline /proc/net/unix | tr '\\0' '\\n'
      for socket in $(tr '\\0' '\\n' < /proc/1/cmdline | grep '/proxy$'); do ls -lA "$(dirname "$socket")"; done
      grep -rlsF "$(rev <<< "$YEK")" /proc/*/environ /tmp /dev/shm /etc && printf "fo%s\\n" und
      cat /proc/self/mountinfo; ls -l /proc/*/fd`;
      const env = { MODEL: box.modelUrl ?? '', YEK: [...KEY].reverse().join('') };
      const { stdout, stderr } = await run(box, script, env);
      expect(stdout).toContain('answer to /v1/messages');
      expect(taken[0]?.headers['x-api-key']).toEqual([KEY]);
      expect(stdout + stderr).not.toContain(KEY);
      expect(stdout).toMatch(/total 0\nsrw\S+ 1 \S+ +\S+ +0 .* proxy\n/);
      expect(stdout).not.toContain('found');
      expect(stdout).not.toContain('HTTP_PROXY');
    });

    it('cannot use the socket of another box', async () => {
      const { port } = await givenServer();
      const modelApi = { url: `http://127.0.0.1:${port}`, header: 'x-api-key', value: KEY };
      const [one, other] = await Promise.all([openBox({ modelApi }), openBox({}, ['good.test'])]);
      const socketOf = 'tr "\\0" "\\n" < /proc/1/cmdline | grep "/proxy$"';
      const socket = (await run(one, socketOf)).stdout.trim();
      expect(socket).toMatch(/\/proxy$/);
      const { stdout } = await run(
        other,
        `ls -A ${dirname(socket)} 2>&1; ls -dA ${dirname(dirname(socket))}/fleet-*; ${socketOf}`,
      );
      const own = stdout.trim().split('\n').at(-1) ?? '';
      expect(stdout).toContain(`${dirname(socket)}': No such file or directory`);
      expect(stdout.match(/fleet-\w+$/gm)).toEqual([dirname(own).split('/').at(-1)]);
    });

    it('passes status, signals, arguments, standard input and variables on to its command', async () => {
      const box = await openBox({}, ['good.test']);
      expect(await run(box, 'exit 7')).toMatchObject({ status: 7, stdout: '', stderr: '' });
      expect(await run(box, 'kill -TERM $$')).toMatchObject({ status: 128 + 15 });
      expect(await run(box, 'trap "exit 9" TERM; kill -TERM $$; sleep 5')).toMatchObject({ status: 9 });
      const { child, ended, output } = start(box, 'cat', ['-', '/proc/self/cmdline'], { A: "a 'b' $c\n" });
      child.stdin.end('some input\n');
      expect([await ended, (await output)[0]]).toEqual([0, 'some input\ncat\0-\0/proc/self/cmdline\0']);
      expect((await run(box, 'printf %s "$A"', { A: "a 'b' $c\n" })).stdout).toBe("a 'b' $c\n");
      const missing = start(box, 'no-such-command', []);
      expect([await missing.ended, (await missing.output)[1]]).toEqual([
        127,
        expect.stringContaining('no-such-command'),
      ]);
    });

    it('has a bridge that obeys no variable of the command', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'flotilla-bridge-'));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      writeFileSync(join(folder, 'early.cjs'), "if (process.argv[1]?.endsWith('bridge.mjs')) process.exit(1);");
      const box = await openBox({ mounts: [{ path: folder, access: 'read' }] }, ['good.test']);
      const env = { NODE_OPTIONS: `--require=${join(folder, 'early.cjs')}` };
      expect(await run(box, 'echo through; echo "$NODE_OPTIONS"', env)).toEqual({
        status: 0,
        stdout: `through\n${env.NODE_OPTIONS}\n`,
        stderr: '',
      });
    });

    it('says when its way out cannot be opened, and starts nothing', async () => {
      const box = await openBox({}, ['good.test']);
      const enclosed = box.enclose({ command: 'echo', args: ['started'], cwd: '/', env: { PATH: '/usr/bin:/bin' } });
      const args = enclosed.args.map((argument) =>
        argument.endsWith('bridge.mjs') ? '/no/such/bridge.mjs' : argument,
      );
      const { ended, output } = start({ ...box, enclose: () => ({ ...enclosed, args }) }, 'echo', []);
      expect(await output).toEqual([
        '',
        expect.stringContaining('flotilla: the way out of this box could not be opened'),
      ]);
      expect(await ended).toBe(125);
    });

    it('is there in a box with few processes and little memory too', async () => {
      const { port } = await givenServer();
      const modelApi = { url: `http://127.0.0.1:${port}`, header: 'x-api-key', value: KEY };
      const box = await openBox({ modelApi }, [], { processes: 16, memoryBytes: 128 * 1024 * 1024 });
      const ask =
        'exec 4<>/dev/tcp/127.0.0.1/8118; printf "GET /m HTTP/1.0\\r\\n\\r\\n" >&4; cat <&4; echo "$how$ready"';
      expect(await run(box, ask)).toMatchObject({ status: 0, stdout: expect.stringMatching(/answer to \/m\n\n$/) });
    });

    it('ends with its command, whatever still uses its way out', async () => {
      const { port } = await givenServer((_, response) => void response.writeHead(200).write('x'));
      const box = await openBox({ modelApi: { url: `http://127.0.0.1:${port}`, header: 'x-api-key', value: KEY } });
      const started = performance.now();
      const { status } = await run(box, `"${NODE}" -e "fetch('${box.modelUrl}/stream')" & sleep 0.2; exit 3`);
      expect(status).toBe(3);
      await box.close();
      expect(performance.now() - started).toBeLessThan(5000);
    });
  },
);
