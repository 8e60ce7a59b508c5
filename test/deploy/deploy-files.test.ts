import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import manifest from '../../package.json' with { type: 'json' };
import { parseOperatorSettings } from '../../src/core/settings/parse-settings.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const text = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** What the server takes for its way down, after `drain`: docs/operations.md. */
const SPARE_SECONDS = 15;
const settings = parseOperatorSettings('', 'defaults');
const leastGrace = settings.ok ? settings.value.drainMs / 1000 + SPARE_SECONDS : Number.NaN;

/** Instructions in order, lines that go on joined. */
const dockerfile = text('Dockerfile')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, ' ')
  .split('\n')
  .filter((line) => line !== '');
const final = dockerfile.slice(dockerfile.findLastIndex((line) => line.startsWith('FROM ')));

describe('the image', () => {
  it('has the Node that package.json asks for, in both stages', () => {
    const major = /\d+/.exec(manifest.engines.node)?.[0];
    expect(dockerfile[0]).toBe(`ARG NODE_IMAGE=node:${major}-bookworm-slim`);
    expect(dockerfile.filter((line) => line.startsWith('FROM '))).toEqual([
      'FROM ${NODE_IMAGE} AS dependencies',
      'FROM ${NODE_IMAGE}',
    ]);
  });

  it('installs what production needs alone, from the lockfile, without scripts', () => {
    expect(dockerfile.filter((line) => line.includes('npm '))).toEqual([
      expect.stringContaining('npm ci --omit=dev --ignore-scripts'),
    ]);
  });

  it('runs as a user that is not root, who owns the data volume and nothing else', () => {
    expect(final.filter((line) => line.startsWith('USER '))).toEqual(['USER flotilla']);
    expect(final.findIndex((line) => line.startsWith('USER '))).toBeLessThan(
      final.findIndex((line) => line.startsWith('CMD ')),
    );
    expect(final).toContain('VOLUME /var/lib/flotilla');
    const [install = ''] = final.filter((line) => line.includes('install --directory'));
    expect(install).toContain('--owner=flotilla --group=flotilla --mode=0700 /var/lib/flotilla');
    expect(final.filter((line) => line.startsWith('COPY ') && line.includes('--chown'))).toEqual([]);
  });

  it('has what boxes need, ends by SIGTERM, and tells its health without more tools', () => {
    const [packages = ''] = final.filter((line) => line.includes('apt-get install'));
    for (const name of ['bash', 'bubblewrap', 'ca-certificates', 'git', 'util-linux'])
      expect(packages).toContain(` ${name} `);
    expect(final).toContain('STOPSIGNAL SIGTERM');
    const [health = ''] = final.filter((line) => line.startsWith('HEALTHCHECK '));
    expect(health).toContain('/healthz');
    expect(health).toMatch(/CMD \["node", "-e",/);
    expect(final.at(-1), 'no shell and no npm between the signal and the server').toBe(
      'CMD ["node", "--max-semi-space-size=4", "--heap-growing-percent=30", "--optimize-for-size", "src/main.ts"]',
    );
  });

  it('takes nothing into its layers that is not named, and no secrets', () => {
    const ignored = text('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(ignored[0], 'everything').toBe('*');
    for (const secret of ['**/*.pem', '**/*.env', '**/.env*', '**/*.db']) expect(ignored).toContain(secret);
    const named = ignored.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    const copied = dockerfile
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from'))
      .flatMap((line) => line.split(' ').slice(1, -1));
    expect(new Set(named)).toEqual(new Set(copied));
    expect(dockerfile.filter((line) => /^(ARG|ENV) .*(KEY|SECRET|TOKEN)/.test(line))).toEqual([]);
  });
});

describe('compose.yaml', () => {
  const service = z
    .object({
      services: z.object({
        flotilla: z.object({
          init: z.boolean(),
          read_only: z.boolean(),
          restart: z.string(),
          stop_grace_period: z.string(),
          cap_drop: z.array(z.string()),
          security_opt: z.array(z.string()),
          ports: z.array(z.string()),
          volumes: z.array(z.string()),
          env_file: z.string(),
        }),
      }),
    })
    .parse(parse(text('compose.yaml'))).services.flotilla;

  it('gives the server an init, its time to stop, its volume, and a port on this host alone', () => {
    expect(service.init).toBe(true);
    expect(Number(/^(\d+)s$/.exec(service.stop_grace_period)?.[1])).toBeGreaterThanOrEqual(leastGrace);
    expect(service.volumes).toEqual(['data:/var/lib/flotilla']);
    expect(service.ports).toEqual(['127.0.0.1:3000:3000']);
    expect(final).toContain('EXPOSE 3000');
    expect(service.env_file).toBe('flotilla.env');
  });

  it('takes from it every capability and the root file system, and keeps a filter of system calls', () => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
    expect(service.security_opt).toEqual([
      'no-new-privileges=true',
      'seccomp=./deploy/seccomp.json',
      'apparmor=unconfined',
      'systempaths=unconfined',
    ]);
  });

  it('leaves bubblewrap the calls that it makes boxes with, and forbids those that reach the kernel', () => {
    const { defaultAction, syscalls } = z
      .object({
        defaultAction: z.string(),
        syscalls: z.array(z.object({ names: z.array(z.string()), action: z.string() })),
      })
      .parse(JSON.parse(text('deploy/seccomp.json')));
    const denied = syscalls.flatMap(({ names, action }) => (action === 'SCMP_ACT_ERRNO' ? names : []));
    expect(defaultAction).toBe('SCMP_ACT_ALLOW');
    for (const call of ['clone', 'clone3', 'unshare', 'mount', 'umount2', 'pivot_root', 'seccomp']) {
      expect(denied).not.toContain(call);
    }
    for (const call of ['bpf', 'init_module', 'kexec_load', 'keyctl', 'open_by_handle_at', 'perf_event_open']) {
      expect(denied).toContain(call);
    }
  });
});

describe('flotilla.service', () => {
  const lines = text('deploy/flotilla.service')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const value = (key: string): string | undefined =>
    lines.find((line) => line.startsWith(`${key}=`))?.slice(key.length + 1);

  it('runs as an ordinary user, in a directory of its own, with the time to stop', () => {
    expect(value('User')).toBe('flotilla');
    expect([value('StateDirectory'), value('StateDirectoryMode'), value('UMask')]).toEqual([
      'flotilla',
      '0700',
      '0077',
    ]);
    expect(value('Environment')).toBe('FLEET_DATA_DIR=/var/lib/flotilla MALLOC_ARENA_MAX=1');
    expect(Number(value('TimeoutStopSec'))).toBeGreaterThanOrEqual(leastGrace);
    expect([value('KillMode'), value('Restart')]).toEqual(['mixed', 'on-failure']);
    expect(value('ExecStart')).toMatch(
      /node --max-semi-space-size=4 --heap-growing-percent=30 --optimize-for-size src\/main\.ts$/,
    );
  });

  it('is hardened as far as boxes can still be made', () => {
    expect(value('NoNewPrivileges')).toBe('yes');
    expect(value('ProtectSystem')).toBe('strict');
    expect(value('CapabilityBoundingSet')).toBe('');
    for (const breaks of [
      'RestrictNamespaces',
      'ProtectKernelTunables',
      'ProtectKernelLogs',
      'MemoryDenyWriteExecute',
    ]) {
      expect(value(breaks), breaks).toBeUndefined();
    }
    expect(value('RestrictAddressFamilies')?.split(' ')).toContain('AF_NETLINK');
  });
});

describe('what runs without devDependencies', () => {
  const builtin = new Set(builtinModules);
  const files = ['src', 'bin', 'workflows'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|mjs|js)$/.test(name))
      .map((name) => join(folder, name)),
  );

  it('imports packages that are dependencies alone', () => {
    const faults = files.flatMap((file) => {
      const found = text(file).matchAll(
        /^(?!import type)(?:import|export)\b[^'";]*?from '([^'.][^']*)'|\bimport\('([^'.][^']*)'\)/gm,
      );
      return [...found].flatMap(([, fixed, lazy]) => {
        const name = fixed ?? lazy ?? '';
        if (name.startsWith('node:') || builtin.has(name)) return [];
        const root = name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/');
        return root in manifest.dependencies ? [] : [`${file} imports ${name}`];
      });
    });
    expect(files.length).toBeGreaterThan(300);
    expect(faults).toEqual([]);
  });
});
