/**
 * What no process in a box may ask the kernel for. The programs lie beside this file as `<architecture>.bpf`, as a shell
 * gives them to bubblewrap; `node test/platform/sandbox/write-filters.ts` writes them anew.
 */

/** As Node names them. */
export type FilteredArchitecture = 'x64' | 'arm64';

interface Machine {
  /** AUDIT_ARCH_* of linux/audit.h. */
  audit: number;
  /** Numbers of system calls: asm/unistd_64.h, asm-generic/unistd.h. */
  calls: Readonly<
    Record<Forbidden | 'ptrace' | 'process_vm_writev' | 'socket' | 'ioctl' | 'fcntl' | 'clone' | 'unshare', number>
  >;
}

/**
 * Keys of the operator's session stay reachable from every namespace, and so does the kernel's log. The others are of no
 * use to a build, and their mistakes have been ways out of boxes. `clone3` and `io_uring` hide their arguments; programs
 * use `clone` and plain reads where these do not exist. `file_setattr` does what FILE_SYSTEM_TYPES keep from `ioctl`.
 */
const FORBIDDEN = [
  ...(['add_key', 'request_key', 'keyctl', 'syslog', 'bpf', 'perf_event_open', 'userfaultfd', 'kexec_load'] as const),
  ...(['kexec_file_load', 'open_by_handle_at', 'pidfd_getfd', 'setns'] as const),
] as const;
const UNKNOWN = ['clone3', 'io_uring_setup', 'io_uring_enter', 'io_uring_register', 'file_setattr'] as const;
type Forbidden = (typeof FORBIDDEN)[number] | (typeof UNKNOWN)[number];

const MACHINES: Readonly<Record<FilteredArchitecture, Machine>> = {
  x64: {
    audit: 0xc000003e,
    calls: {
      ...{
        ioctl: 16,
        fcntl: 72,
        socket: 41,
        clone: 56,
        ptrace: 101,
        syslog: 103,
        kexec_load: 246,
        add_key: 248,
        request_key: 249,
      },
      ...{
        keyctl: 250,
        unshare: 272,
        perf_event_open: 298,
        open_by_handle_at: 304,
        setns: 308,
        process_vm_writev: 311,
      },
      ...{ kexec_file_load: 320, bpf: 321, userfaultfd: 323, io_uring_setup: 425, io_uring_enter: 426 },
      ...{ io_uring_register: 427, clone3: 435, pidfd_getfd: 438, file_setattr: 469 },
    },
  },
  arm64: {
    audit: 0xc00000b7,
    calls: {
      ...{
        ioctl: 29,
        fcntl: 25,
        unshare: 97,
        kexec_load: 104,
        syslog: 116,
        ptrace: 117,
        socket: 198,
        add_key: 217,
        request_key: 218,
      },
      ...{ keyctl: 219, clone: 220, perf_event_open: 241, open_by_handle_at: 265, setns: 268, process_vm_writev: 271 },
      ...{ bpf: 280, userfaultfd: 282, kexec_file_load: 294, io_uring_setup: 425, io_uring_enter: 426 },
      ...{ io_uring_register: 427, clone3: 435, pidfd_getfd: 438, file_setattr: 469 },
    },
  },
};

/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK. Others, AF_VSOCK to the machine's own host first, know no network namespace. */
const SOCKET_FAMILIES = [1, 2, 10, 16];
/** What types into a terminal or moves its text: ioctl_tty(2). */
const TERMINAL_REQUESTS = [0x5412, 0x541c];

/**
 * Bits 8 to 15 of the requests that only file systems know. Some swap or move what files hold, or change attributes, and no
 * change time tells of it: a kept tree (docs/decisions/0049) would hand that to the next task. They get ENOTTY, as from
 * another file system, on which programs do without. Terminals, pipes and sockets use none of these: Linux'
 * ioctl-number.rst.
 */
const FILE_SYSTEM_TYPES = [
  0x66, // 'f': ext4 (EXT4_IOC_MOVE_EXT), Lustre, FS_IOC_SETFLAGS, fs-verity, fscrypt
  0x58, // 'X': XFS (XFS_IOC_SWAPEXT, XFS_IOC_EXCHANGE_RANGE), FS_IOC_FSSETXATTR, FIFREEZE
  0x76, // 'v': FS_IOC_SETVERSION
  0x94, // btrfs: subvolumes, defragmentation, what is received
  0xf5, // f2fs: F2FS_IOC_MOVE_RANGE, atomic writes, pinned files
  0x6f, // 'o': ocfs2, OCFS2_IOC_MOVE_EXT
  0x83, // ZFS: ZFS_IOC_SETDOSFLAGS
  0x97, // Ceph: CEPH_IOC_SET_LAYOUT, CEPH_IOC_LAZYIO
  0xbc, // bcachefs: subvolumes, inherited attributes
  0xcf, // SMB: CIFS_IOC_COPYCHUNK_FILE
  0x72, // 'r': FAT and exFAT, FAT_IOCTL_SET_ATTRIBUTES
];
/** Of these types, but in use and harmless: the first five only tell, and clones set the change time. */
const HARMLESS_REQUESTS = [
  ...[0x80086601, 0x80046601], // FS_IOC_GETFLAGS, FS_IOC32_GETFLAGS
  ...[0x801c581f, 0x80087601, 0xc020660b], // FS_IOC_FSGETXATTR, FS_IOC_GETVERSION, FS_IOC_FIEMAP
  ...[0x40049409, 0x4020940d], // FICLONE, FICLONERANGE
];

/** F_SETLEASE: whoever opens the owner's file then waits for up to 45 s, and the owner of the mirror and of Node is ours: fcntl_locking(2). */
const SET_LEASE = 1024;
const CLONE_NEWUSER = 0x10000000;
/** bubblewrap itself, as the box's first process: who could change it would outlive its task. */
const FIRST_PROCESS = 1;

/**
 * struct seccomp_data: number, architecture, and the lower halves of the arguments (both machines are little-endian), which
 * is all that the kernel itself reads of an ioctl's request.
 */
const NUMBER = 0;
const ARCHITECTURE = 4;
const argument = (index: number): number => 16 + 8 * index;

/** linux/filter.h, linux/seccomp.h */
const LOAD = 0x20;
const JUMP_IF_EQUAL = 0x15;
const JUMP_IF_AT_LEAST = 0x35;
const JUMP_IF_ANY_BIT = 0x45;
const KEEP_BITS = 0x54;
const RETURN = 0x06;
const ALLOW = 0x7fff0000;
const refuse = (error: keyof typeof ERRORS): number => 0x00050000 | ERRORS[error];
const ERRORS = { EPERM: 1, ENOTTY: 25, ENOSYS: 38, EAFNOSUPPORT: 97 };
/** Numbers of the x32 interface, which would be a second way to every call. */
const X32 = 0x40000000;

interface Instruction {
  code: number;
  value: number;
  /** How many instructions are left out when the test holds, and when it does not. */
  holds?: number;
  otherwise?: number;
}

const load = (value: number): Instruction => ({ code: LOAD, value });
const give = (value: number): Instruction => ({ code: RETURN, value });

/** Leaves out `body` for every other call; the number is loaded before and after it. */
function onCall(number: number, body: readonly Instruction[]): Instruction[] {
  return [{ code: JUMP_IF_EQUAL, value: number, otherwise: body.length + 1 }, ...body, load(NUMBER)];
}

const answerIf = (code: number, value: number, answer: number): Instruction[] => [
  { code, value, otherwise: 1 },
  give(answer),
];
const refuseIf = (code: number, value: number, error: keyof typeof ERRORS): Instruction[] =>
  answerIf(code, value, refuse(error));

/** The filter as struct sock_filter[]: seccomp(2). */
export function filterProgram(architecture: FilteredArchitecture): Uint8Array {
  const { audit, calls } = MACHINES[architecture];
  const program: Instruction[] = [
    load(ARCHITECTURE),
    { code: JUMP_IF_EQUAL, value: audit, holds: 1 },
    give(refuse('ENOSYS')),
    load(NUMBER),
    ...refuseIf(JUMP_IF_AT_LEAST, X32, 'ENOSYS'),
    ...FORBIDDEN.flatMap((name) => refuseIf(JUMP_IF_EQUAL, calls[name], 'EPERM')),
    ...UNKNOWN.flatMap((name) => refuseIf(JUMP_IF_EQUAL, calls[name], 'ENOSYS')),
    ...onCall(calls.socket, [
      load(argument(0)),
      ...SOCKET_FAMILIES.map((family, index) => ({
        code: JUMP_IF_EQUAL,
        value: family,
        holds: SOCKET_FAMILIES.length - index,
      })),
      give(refuse('EAFNOSUPPORT')),
    ]),
    ...onCall(calls.ioctl, [
      load(argument(1)),
      ...TERMINAL_REQUESTS.flatMap((request) => refuseIf(JUMP_IF_EQUAL, request, 'EPERM')),
      ...HARMLESS_REQUESTS.flatMap((request) => answerIf(JUMP_IF_EQUAL, request, ALLOW)),
      { code: KEEP_BITS, value: 0xff00 },
      ...FILE_SYSTEM_TYPES.flatMap((type) => refuseIf(JUMP_IF_EQUAL, type << 8, 'ENOTTY')),
    ]),
    ...onCall(calls.fcntl, [load(argument(1)), ...refuseIf(JUMP_IF_EQUAL, SET_LEASE, 'EPERM')]),
    ...onCall(calls.clone, [load(argument(0)), ...refuseIf(JUMP_IF_ANY_BIT, CLONE_NEWUSER, 'EPERM')]),
    ...onCall(calls.unshare, [load(argument(0)), ...refuseIf(JUMP_IF_ANY_BIT, CLONE_NEWUSER, 'EPERM')]),
    ...onCall(calls.ptrace, [load(argument(1)), ...refuseIf(JUMP_IF_EQUAL, FIRST_PROCESS, 'EPERM')]),
    ...onCall(calls.process_vm_writev, [load(argument(0)), ...refuseIf(JUMP_IF_EQUAL, FIRST_PROCESS, 'EPERM')]),
    give(ALLOW),
  ];
  return assemble(program);
}

function assemble(program: readonly Instruction[]): Uint8Array {
  const bytes = Buffer.alloc(program.length * 8);
  program.forEach(({ code, value, holds = 0, otherwise = 0 }, index) => {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(holds, index * 8 + 2);
    bytes.writeUInt8(otherwise, index * 8 + 3);
    bytes.writeUInt32LE(value, index * 8 + 4);
  });
  return bytes;
}
