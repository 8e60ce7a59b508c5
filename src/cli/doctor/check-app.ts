import type { AppInstallation, AppRegistration, PermissionLevels } from '../../ports/github-app.ts';
import { type Finding, fault, ok, warning } from './finding.ts';

/** What app.yml asks for. */
export interface AskedFor {
  permissions: PermissionLevels;
  events: readonly string[];
}

const RANK: Readonly<Record<string, number>> = { read: 1, write: 2, admin: 3 };
const rank = (level: string | undefined): number => RANK[level ?? ''] ?? 0;

/** Of whoever allows workflow files to be changed; docs/github-permissions.md. */
const BY_CHOICE = ['workflows'];
/** GitHub sends them to every app, asked or not. */
const ALWAYS_SENT = [
  'installation',
  'installation_repositories',
  'installation_target',
  'github_app_authorization',
  'meta',
];
const MOST_SHOWN = 10;

/** Compares what the app may, and what each account granted it, with what app.yml asks for. */
export function checkApp(
  asked: AskedFor,
  app: AppRegistration,
  installations: readonly AppInstallation[],
  webUrl: string,
): Finding[] {
  return [...checkRegistration(asked, app, webUrl), ...checkInstallations(asked, app, installations, webUrl)];
}

function checkRegistration(asked: AskedFor, app: AppRegistration, webUrl: string): Finding[] {
  const settings = `the app's settings on ${webUrl}, _Permissions & events_`;
  const lacking = lacks(asked, app);
  if (lacking !== '') {
    const remedy = `Add it in ${settings}. Every account that installed the app then has to accept it.`;
    return [fault('permissions', `The app ${app.slug} lacks ${lacking}.`, remedy)];
  }
  const more = Object.entries(app.permissions)
    .filter(([name, level]) => !BY_CHOICE.includes(name) && rank(level) > rank(asked.permissions[name]))
    .map(([name, level]) => `${name}: ${level}`);
  const events = app.events.filter((event) => !asked.events.includes(event) && !ALWAYS_SENT.includes(event));
  const said = `The app ${app.slug} has the permissions and events of app.yml.`;
  if (more.length + events.length === 0) return [ok('permissions', said)];
  const what = `The app ${app.slug} has more than Flotilla uses: ${listed([...more, ...events.map((event) => `event ${event}`)])}.`;
  return [warning('permissions', what, `Take it away in ${settings}: what is not there cannot be misused.`)];
}

function checkInstallations(
  asked: AskedFor,
  app: AppRegistration,
  installations: readonly AppInstallation[],
  webUrl: string,
): Finding[] {
  if (installations.length === 0) {
    const remedy = `Install it on the organization: ${webUrl}/apps/${app.slug}`;
    return [fault('installations', `The app ${app.slug} is installed nowhere.`, remedy)];
  }
  const findings = installations.map((one) => checkInstallation(asked, app, one));
  const wrong = findings.filter(({ state }) => state !== 'ok');
  const fine = findings.length - wrong.length;
  const shown = wrong.slice(0, MOST_SHOWN);
  const rest = wrong.length - shown.length;
  return [
    ...(fine === 0
      ? []
      : [ok('installations', `In order where it is installed: ${listed(accounts(installations, findings))}.`)]),
    ...shown,
    ...(rest === 0 ? [] : [fault('installations', `${rest} more accounts like these.`, 'Begin with those above.')]),
  ];
}

function checkInstallation(asked: AskedFor, app: AppRegistration, one: AppInstallation): Finding {
  const check = 'installations';
  if (one.suspended) {
    return warning(
      check,
      `${one.account} suspended the app: nothing happens there.`,
      `Its owners unsuspend it: ${one.url}`,
    );
  }
  const lacking = lacks(asked, one);
  if (lacking === '') return ok(check, one.account);
  const pending = lacks(asked, app) === '';
  const what = pending ? 'has not accepted what the app asks for' : 'grants less than Flotilla needs';
  return fault(check, `${one.account} ${what}: it lacks ${lacking}.`, `An owner accepts new permissions at ${one.url}`);
}

const accounts = (installations: readonly AppInstallation[], findings: readonly Finding[]): string[] =>
  installations.flatMap(({ account }, index) => (findings[index]?.state === 'ok' ? [account] : []));

/** `contents: write (it has read) and event issue_comment`; empty: nothing. */
function lacks(asked: AskedFor, { permissions, events }: AskedFor): string {
  const levels = Object.entries(asked.permissions)
    .filter(([name, level]) => rank(permissions[name]) < rank(level))
    .map(
      ([name, level]) => `${name}: ${level}${permissions[name] === undefined ? '' : ` (it has ${permissions[name]})`}`,
    );
  const missed = asked.events.filter((event) => !events.includes(event)).map((event) => `event ${event}`);
  return listed([...levels, ...missed]);
}

function listed(names: readonly string[]): string {
  const rest = names.length - MOST_SHOWN;
  return [...names.slice(0, MOST_SHOWN), ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}
