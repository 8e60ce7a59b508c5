import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type FilteredArchitecture, filterProgram } from '../../src/platform/sandbox/filters/filter-program.ts';
import { noSandbox } from '../sandboxes.ts';
import { givenServer } from './given-server.ts';

/** What a command asks the kernel for itself. */

/** Numbers of x86-64; each line of output is `name: error or ok`. */
const CALLS = `
use strict;
sub ask { my ($name, @call) = @_; my $answer = syscall($call[0] + 0, @call[1 .. $#call]); print "$name: ", ($answer < 0 ? $! + 0 : 'ok'), "\\n" }
my $buffer = "\\0" x 256; my $text = "user\\0"; my $word = "x\\0";
ask('ptrace of the first process', 101, 16, 1, 0, 0);
ask('writing into the first process', 311, 1, $buffer, 1, $buffer, 1, 0);
ask('add_key', 248, $text, $word, $buffer, 3, -3);
ask('keyctl', 250, 0, -3, 1, 0, 0);
ask('request_key', 249, $text, $word, 0, -3);
ask('bpf', 321, 0, $buffer, 72);
ask('perf_event_open', 298, $buffer, 0, -1, -1, 0);
ask('io_uring_setup', 425, 8, $buffer);
ask('userfaultfd', 323, 0);
ask('kernel log', 103, 3, $buffer, 256);
ask('open_by_handle_at', 304, 0, $buffer, 0);
ask('pidfd_getfd', 438, 0, 0, 0);
ask('user namespace', 272, 0x10000000);
ask('mount namespace', 272, 0x00020000);
ask('setns', 308, 0, 0);
ask('clone3', 435, $buffer, 88);
ask('attributes of a file', 469, -1, $word, $buffer, 24, 0);
ask('terminal input', 16, 0, 0x5412, $buffer);
open(my $program, '<', '/usr/bin/env'); ask('lease', 72, fileno($program), 1024, 1);
ask('hypervisor socket', 41, 40, 1, 0);
ask('kernel crypto socket', 41, 38, 5, 0);
ask('packet socket', 41, 17, 3, 0);
ask('plain socket', 41, 2, 1, 0);
ask('local socket', 41, 1, 1, 0);
my $place = "/tmp\\0"; my $type = "tmpfs\\0"; ask('mount', 165, $type, $place, $type, 0, 0);
ask('reboot', 169, 0xfee1dead, 672274793, 0, 0);
ask('device', 133, $word, 020666, 0x103);
`;
const [PERMISSION, UNKNOWN, FAMILY] = [1, 38, 97];

/** Of a file system that knows a request and of one that does not; only the filter answers ENOTTY for a descriptor that is none. */
const REQUESTS = `
use strict;
open(my $file, '+>', 'requested') or die; my $buffer = "\\0" x 256;
my %requests = (EXT4_IOC_MOVE_EXT => 0xc028660f, XFS_IOC_SWAPEXT => 0xc0c0586d, FS_IOC_SETFLAGS => 0x40086602, FS_IOC_GETFLAGS => 0x80086601, FICLONE => 0x40049409, TCGETS => 0x5401);
for my $name (sort keys %requests) {
  my @answers = map { syscall(${process.arch === 'x64' ? 16 : 29}, $_->[0], $requests{$name} + $_->[1], $buffer) < 0 ? $! + 0 : 'ok' } [fileno($file), 0], [999, 0], [999, 1 << 32];
  print "$name: @answers\\n";
}
`;
const [NO_DESCRIPTOR, NOT_HERE] = [9, 25];

describe.skipIf(noSandbox !== null)('a command that asks the kernel', () => {
  it.skipIf(process.arch !== 'x64')('for keys, other processes, namespaces or devices is refused', async () => {
    const { attack } = givenServer();
    const { stdout, tail } = await attack(`perl -e "$CALLS"`, {
      env: { PATH: '/usr/bin:/bin', CALLS },
    });
    const answers = Object.fromEntries(
      stdout
        .trim()
        .split('\n')
        .map((each) => each.split(': ')),
    );
    expect(answers, tail).toEqual({
      'ptrace of the first process': `${PERMISSION}`,
      'writing into the first process': `${PERMISSION}`,
      add_key: `${PERMISSION}`,
      keyctl: `${PERMISSION}`,
      request_key: `${PERMISSION}`,
      bpf: `${PERMISSION}`,
      perf_event_open: `${PERMISSION}`,
      io_uring_setup: `${UNKNOWN}`,
      userfaultfd: `${PERMISSION}`,
      'kernel log': `${PERMISSION}`,
      open_by_handle_at: `${PERMISSION}`,
      pidfd_getfd: `${PERMISSION}`,
      'user namespace': `${PERMISSION}`,
      'mount namespace': `${PERMISSION}`,
      setns: `${PERMISSION}`,
      clone3: `${UNKNOWN}`,
      'attributes of a file': `${UNKNOWN}`,
      'terminal input': `${PERMISSION}`,
      lease: `${PERMISSION}`,
      'hypervisor socket': `${FAMILY}`,
      'kernel crypto socket': `${FAMILY}`,
      'packet socket': `${FAMILY}`,
      'plain socket': 'ok',
      'local socket': 'ok',
      mount: `${PERMISSION}`,
      reboot: `${PERMISSION}`,
      device: `${PERMISSION}`,
    });
  });

  it('to move what files hold, or to change attributes that no change time tells of, asks a file system that cannot', async () => {
    const { attack, folder } = givenServer();
    const { stdout, tail } = await attack('perl -e "$REQUESTS"', { env: { PATH: '/usr/bin:/bin', REQUESTS } });
    const outside = spawnSync('/usr/bin/perl', ['-e', REQUESTS], { cwd: folder, encoding: 'utf8' }).stdout;
    const [inBox, onHost] = [stdout, outside].map(
      (text) =>
        new Map(
          text
            .trim()
            .split('\n')
            .map((each) => each.split(': ') as [string, string]),
        ),
    );
    for (const request of ['EXT4_IOC_MOVE_EXT', 'XFS_IOC_SWAPEXT', 'FS_IOC_SETFLAGS']) {
      expect(onHost?.get(request), outside).toMatch(`${NO_DESCRIPTOR} ${NO_DESCRIPTOR}`);
      expect(inBox?.get(request), `${request} ${tail}`).toBe(`${NOT_HERE} ${NOT_HERE} ${NOT_HERE}`);
    }
    for (const request of ['FS_IOC_GETFLAGS', 'FICLONE', 'TCGETS']) {
      expect(inBox?.get(request), request).toBe(onHost?.get(request));
      expect(inBox?.get(request)).toMatch(`${NO_DESCRIPTOR} ${NO_DESCRIPTOR}`);
    }
  });

  it('for rights has none, and no program gives it any', async () => {
    const { attack } = givenServer();
    const { stdout } = await attack(
      'grep -E "^(CapPrm|CapEff|CapAmb|NoNewPrivs|Seccomp):" /proc/self/status; cat /proc/self/uid_map | wc -l; su -c id; mount -t tmpfs x /tmp; unshare -U true; chroot / true',
    );
    expect(stdout.replace(/\t/g, ' ').trim().split('\n')).toEqual([
      'CapPrm: 0000000000000000',
      'CapEff: 0000000000000000',
      'CapAmb: 0000000000000000',
      'NoNewPrivs: 1',
      'Seccomp: 2',
      '1',
    ]);
  });

  it('to run something on the host by its settings finds them read-only', async () => {
    const { attack } = givenServer();
    const before = readFileSync('/proc/sys/kernel/core_pattern', 'utf8');
    const { stdout } = await attack(
      `for each in /proc/sys/kernel/core_pattern /proc/sys/kernel/modprobe /proc/sys/vm/drop_caches /proc/sysrq-trigger /proc/irq/default_smp_affinity /proc/mtrr /proc/acpi/wakeup /proc/scsi/scsi; do (echo '|/bin/owned' > $each) 2>/dev/null && echo "wrote $each"; done; find /proc -maxdepth 3 -not -path '/proc/[0-9]*' -type f -writable 2>/dev/null | while read -r each; do (: >> "$each") 2>/dev/null && echo "opened $each"; done`,
    );
    expect(stdout).toBe('');
    expect(readFileSync('/proc/sys/kernel/core_pattern', 'utf8')).toBe(before);
  });

  it('to change its first process, or itself into what ends last, is refused', async () => {
    const { attack } = givenServer();
    const { stdout } = await attack(
      '(echo x > /proc/1/mem) && echo memory; (echo -1000 > /proc/self/oom_score_adj) && echo spared; kill -9 1 && kill -0 1 && echo alive; cat /proc/self/oom_score_adj',
    );
    expect(stdout).toBe('alive\n500\n');
  });
});

describe('the filter of system calls', () => {
  it.each<FilteredArchitecture>(['x64', 'arm64'])('for %s is the one that its program makes', (architecture) => {
    const file = new URL(`../../src/platform/sandbox/filters/${architecture}.bpf`, import.meta.url);
    expect(readFileSync(file).equals(filterProgram(architecture))).toBe(true);
  });
});
