import { describe, expect, it } from 'vitest';
import { type FilteredArchitecture, filterProgram } from '../../../src/platform/sandbox/filters/filter-program.ts';

/** linux/audit.h and the numbers of calls, written down apart from the program's own. */
const MACHINES = {
  x64: { audit: 0xc000003e, ioctl: 16, read: 0, fcntl: 72, unshare: 272 },
  arm64: { audit: 0xc00000b7, ioctl: 29, read: 63, fcntl: 25, unshare: 97 },
};
const [PERMISSION, NOT_HERE, UNKNOWN] = [1, 25, 38];

/** include/uapi/linux, fs/xfs/libxfs/xfs_fs.h, fs/ext4/ext4.h, fs/ocfs2/ocfs2_ioctl.h of Linux; sys/fs/zfs.h of OpenZFS. */
const REFUSED = {
  FS_IOC_SETFLAGS: 0x40086602,
  FS_IOC32_SETFLAGS: 0x40046602,
  EXT4_IOC_SETVERSION: 0x40086604,
  EXT4_IOC_MOVE_EXT: 0xc028660f,
  FS_IOC_SET_ENCRYPTION_POLICY: 0x800c6613,
  FS_IOC_ENABLE_VERITY: 0x40806685,
  LL_IOC_LOV_SWAP_LAYOUTS: 0xc02066ab,
  FS_IOC_RESVSP: 0x40305828,
  FS_IOC_FSSETXATTR: 0x401c5820,
  XFS_IOC_SWAPEXT: 0xc0c0586d,
  FIFREEZE: 0xc0045877,
  XFS_IOC_EXCHANGE_RANGE: 0x40285881,
  FS_IOC_SETVERSION: 0x40087602,
  BTRFS_IOC_SUBVOL_CREATE: 0x5000940e,
  BTRFS_IOC_DEFRAG: 0x50009402,
  FIDEDUPERANGE: 0xc0189436,
  BTRFS_IOC_SET_RECEIVED_SUBVOL: 0xc0c89425,
  F2FS_IOC_START_ATOMIC_WRITE: 0xf501,
  F2FS_IOC_MOVE_RANGE: 0xc020f509,
  F2FS_IOC_SET_PIN_FILE: 0x4004f50d,
  OCFS2_IOC_MOVE_EXT: 0x40406f06,
  ZFS_IOC_SETDOSFLAGS: 0x40088302,
  CEPH_IOC_SET_LAYOUT: 0x40289702,
  BCHFS_IOC_REINHERIT_ATTRS: 0x8008bc40,
  CIFS_IOC_COPYCHUNK_FILE: 0x4004cf03,
  FAT_IOCTL_SET_ATTRIBUTES: 0x40047211,
};
const ALLOWED = {
  FS_IOC_GETFLAGS: 0x80086601,
  FS_IOC32_GETFLAGS: 0x80046601,
  FS_IOC_FSGETXATTR: 0x801c581f,
  FS_IOC_GETVERSION: 0x80087601,
  FS_IOC_FIEMAP: 0xc020660b,
  FICLONE: 0x40049409,
  FICLONERANGE: 0x4020940d,
  FIGETBSZ: 0x2,
  TCGETS: 0x5401,
  TIOCSWINSZ: 0x5414,
  FIONREAD: 0x541b,
  FIOCLEX: 0x5451,
  TCGETS2: 0x802c542a,
  TIOCGPTN: 0x80045430,
  SIOCGIFCONF: 0x8912,
  IOC_WATCH_QUEUE_SET_SIZE: 0x5760,
  RNDGETENTCNT: 0x80045200,
};
/** Only the lower half is the kernel's, so whatever the upper one holds may not change the answer. */
const UPPER_HALVES = [0, 1, 0x80000000, 0xffffffff];

describe.each<FilteredArchitecture>(['x64', 'arm64'])('the filter of system calls for %s', (architecture) => {
  const { audit, ...calls } = MACHINES[architecture];
  const program = Buffer.from(filterProgram(architecture));
  const answer = (call: keyof typeof calls, ...values: Value[]) => run(program, audit, calls[call], values);

  it.each(Object.entries(REFUSED))('answers %s as another file system would', (_name, request) => {
    for (const upper of UPPER_HALVES) expect(answer('ioctl', 3, { upper, lower: request })).toBe(NOT_HERE);
  });

  it.each(Object.entries(ALLOWED))('lets %s through', (_name, request) => {
    for (const upper of UPPER_HALVES) expect(answer('ioctl', 3, { upper, lower: request })).toBe('allowed');
  });

  it('lets no other request of those types through', () => {
    const types = new Set(Object.values(REFUSED).map((request) => (request >> 8) & 0xff));
    const harmless = new Set<number>(Object.values(ALLOWED));
    const wrong = [...Array(0x10000).keys()].filter((request) => {
      const expected = types.has(request >> 8) ? NOT_HERE : [0x5412, 0x541c].includes(request) ? PERMISSION : 'allowed';
      return !harmless.has(request) && answer('ioctl', 3, request) !== expected;
    });
    expect(wrong).toEqual([]);
    // A harmless number with another size is another request.
    expect(answer('ioctl', 3, 0x80106601)).toBe(NOT_HERE);
  });

  it('refuses what types into a terminal', () => {
    for (const upper of UPPER_HALVES) expect(answer('ioctl', 0, { upper, lower: 0x5412 })).toBe(PERMISSION);
  });

  it('asks of ioctl alone what its request is', () => {
    expect(answer('read', 3, REFUSED.EXT4_IOC_MOVE_EXT)).toBe('allowed');
    expect(answer('fcntl', 3, REFUSED.EXT4_IOC_MOVE_EXT)).toBe('allowed');
    expect(answer('fcntl', 3, 1024)).toBe(PERMISSION);
    expect(answer('unshare', 0x10000000)).toBe(PERMISSION);
    expect(answer('unshare', 0x00020000)).toBe('allowed');
  });

  it('knows no call that sets attributes without a request, none of another machine, and none of x32', () => {
    expect(run(program, audit, 469, [])).toBe(UNKNOWN);
    expect(run(program, audit, 468, [])).toBe('allowed');
    expect(run(program, 0x40000003, calls.ioctl, [3, 0x5401])).toBe(UNKNOWN);
    expect(run(program, audit, 0x40000000 + 514, [3, 0x5401])).toBe(UNKNOWN);
  });
});

type Value = number | { upper: number; lower: number };

/** What the kernel does with the program, for the instructions that it uses; any other, or a jump out of it, is an error. */
function run(program: Buffer, audit: number, call: number, values: readonly Value[]): number | 'allowed' {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(call, 0);
  data.writeUInt32LE(audit, 4);
  values.forEach((value, index) => {
    const { upper, lower } = typeof value === 'number' ? { upper: 0, lower: value } : value;
    data.writeUInt32LE(lower, 16 + 8 * index);
    data.writeUInt32LE(upper, 20 + 8 * index);
  });
  let held = 0;
  for (let at = 0; ; at += 8) {
    const value = program.readUInt32LE(at + 4);
    const jump = (holds: boolean): number => 8 * program.readUInt8(at + (holds ? 2 : 3));
    switch (program.readUInt16LE(at)) {
      case 0x20:
        held = data.readUInt32LE(value);
        break;
      case 0x54:
        held = (held & value) >>> 0;
        break;
      case 0x15:
        at += jump(held === value);
        break;
      case 0x35:
        at += jump(held >= value);
        break;
      case 0x45:
        at += jump((held & value) !== 0);
        break;
      case 0x06:
        if (value === 0x7fff0000) return 'allowed';
        if (value >>> 16 === 0x0005) return value & 0xffff;
        throw new Error(`no such answer: ${value}`);
      default:
        throw new Error(`no such instruction: ${program.readUInt16LE(at)}`);
    }
  }
}
