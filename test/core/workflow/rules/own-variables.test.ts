import { expect, it } from 'vitest';
import { faultsOf, workflowOf } from './faults-of.ts';

const faultsWith = (name: string) => faultsOf(workflowOf(`bash: x\nenv: { ${name}: y }`));

it.each([
  ...['BASH_ENV', 'BASHOPTS', 'SHELL', 'ZDOTDIR', 'FPATH', 'LD_PRELOAD', 'GCONV_PATH', 'TERMINFO', 'OPENSSL_CONF'],
  ...['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'YARN_RC_FILENAME', 'NPM_CONFIG_SCRIPT_SHELL', 'PYTHONSTARTUP'],
  ...['JAVA_TOOL_OPTIONS', '_JAVA_OPTIONS', 'JDK_JAVA_OPTIONS', 'MAVEN_OPTS', 'MAVEN_ARGS', 'GRADLE_OPTS', 'CLASSPATH'],
  ...[
    'GRADLE_USER_HOME',
    'RUSTC_WRAPPER',
    'CARGO_HOME',
    'RUSTFLAGS',
    'GOFLAGS',
    'GOPATH',
    'GOROOT',
    'DOTNET_STARTUP_HOOKS',
  ],
  ...['CFLAGS', 'LDFLAGS', 'MAKEFLAGS', 'CVS_RSH', 'RSYNC_RSH', 'GIT_SSH_COMMAND', 'SSH_ASKPASS', 'XDG_CONFIG_HOME'],
  ...['LESS', 'LESSOPEN', 'PAGER', 'MANPAGER', 'BROWSER', 'VIMINIT', 'RIPGREP_CONFIG_PATH', 'LUA_INIT', 'PHPRC'],
  ...['PHP_INI_SCAN_DIR', 'RUBYOPT', 'PERL5OPT'],
])('%s, which makes a program run its value, is refused', (name) => {
  expect(faultsWith(name)).toMatchObject([{ at: '5:12 variable', hint: expect.stringContaining('in the command') }]);
});

it.each(['VERSION', 'FLAGS', 'OPTIONS', 'LESSON', 'GOAL', 'SHELLFISH', 'MY_ENV', 'CARGO', 'NODES'])(
  '%s passes',
  (name) => {
    expect(faultsWith(name)).toEqual([]);
  },
);
