/** Nothing is inherited: no person's configuration, credentials, proxies, askpass programs or hooks reach our git. */
export const BASE_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin',
  HOME: '/nonexistent',
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_LITERAL_PATHSPECS: '1',
  // None: what talks to a remote names the one protocol of that call.
  GIT_ALLOW_PROTOCOL: '',
};

/**
 * git tells of its HTTP requests and their answers by a pipe of its own, so that what it says of errors stays as it is.
 * Not of their bodies. See git(1), GIT_TRACE_CURL.
 */
export const TRACE_DESCRIPTOR = 3;
export const TRACE_ENVIRONMENT: Readonly<Record<string, string>> = {
  GIT_TRACE_CURL: String(TRACE_DESCRIPTOR),
  GIT_TRACE_CURL_NO_DATA: '1',
  GIT_TRACE_REDACT: '1',
};

const SETTINGS = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.untrackedCache=false',
  'core.splitIndex=false',
  'core.attributesFile=/dev/null',
  'core.excludesFile=/dev/null',
  'core.autocrlf=false',
  'core.fileMode=true',
  'core.symlinks=true',
  'core.quotePath=false',
  'credential.helper=',
  'gc.auto=0',
  'maintenance.auto=false',
];

/** They weigh more than any file. */
export const asArguments = (settings: readonly string[]): string[] => settings.flatMap((setting) => ['-c', setting]);

export const BASE_SETTINGS: readonly string[] = asArguments(SETTINGS);

/** The same for a session, whose shell reads a call byte by byte: git-config(1), GIT_CONFIG_COUNT. */
export const SETTINGS_ENVIRONMENT: Readonly<Record<string, string>> = Object.fromEntries([
  ['GIT_CONFIG_COUNT', String(SETTINGS.length)],
  ...SETTINGS.flatMap((setting, at) => {
    const equals = setting.indexOf('=');
    return [
      [`GIT_CONFIG_KEY_${at}`, setting.slice(0, equals)],
      [`GIT_CONFIG_VALUE_${at}`, setting.slice(equals + 1)],
    ];
  }),
]);
