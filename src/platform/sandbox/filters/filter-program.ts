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
 * use `clone` and plain reads where these do not exist.
 */
const FORBIDDEN = [
  ...(['add_key', 'request_key', 'keyctl', 'syslog', 'bpf', 'perf_event_open', 'userfaultfd', 'kexec_load'] as const),
  ...(['kexec_file_load', 'open_by_handle_at', 'pidfd_getfd', 'setns'] as const),
] as const;
const UNKNOWN = ['clone3', 'io_uring_setup', 'io_uring_enter', 'io_uring_register'] as const;
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
      ...{ io_uring_register: 427, clone3: 435, pidfd_getfd: 438 },
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
      ...{ io_uring_register: 427, clone3: 435, pidfd_getfd: 438 },
    },
  },
};

/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK. Others, AF_VSOCK to the machine's own host first, know no network namespace. */
const SOCKET_FAMILIES = [1, 2, 10, 16];
/** What types into a terminal or moves its text: ioctl_tty(2). */
const TERMINAL_REQUESTS = [0x5412, 0x541c];
/** F_SETLEASE: whoever opens the owner's file then waits for up to 45 s, and the owner of the mirror and of Node is ours: fcntl_locking(2). */
const SET_LEASE = 1024;
const CLONE_NEWUSER = 0x10000000;
/** bubblewrap itself, as the box's first process: who could change it would outlive its task. */
const FIRST_PROCESS = 1;

/** struct seccomp_data: number, architecture, and the lower halves of the arguments (both machines are little-endian). */
const NUMBER = 0;
const ARCHITECTURE = 4;
const argument = (index: number): number => 16 + 8 * index;

/** linux/filter.h, linux/seccomp.h */
const LOAD = 0x20;
const JUMP_IF_EQUAL = 0x15;
const JUMP_IF_AT_LEAST = 0x35;
const JUMP_IF_ANY_BIT = 0x45;
const RETURN = 0x06;
const ALLOW = 0x7fff0000;
const refuse = (error: keyof typeof ERRORS): number => 0x00050000 | ERRORS[error];
const ERRORS = { EPERM: 1, ENOSYS: 38, EAFNOSUPPORT: 97 };
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

const refuseIf = (code: number, value: number, error: keyof typeof ERRORS): Instruction[] => [
  { code, value, otherwise: 1 },
  give(refuse(error)),
];

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
