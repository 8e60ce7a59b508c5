import { addAppUserToken, refreshTokenLife, tokenToRefresh, userTokenLife } from '../access/app-user-tokens.ts';
import type { Context } from '../context.ts';
import { isSame } from '../page-key.ts';
import type { App, Token } from '../state/records.ts';
import { deviceCodeLife } from './device-codes.ts';

export type Fields = Readonly<Record<string, string>>;
/** What is answered, as JSON or form-encoded. */
export type Told = Record<string, string | number>;

/** Source: docs.github.com, "Generating a user access token for a GitHub App" and "Refreshing user access tokens". */
const descriptions = {
  authorization_pending: 'The authorization request is still pending.',
  slow_down: 'Too many requests have been made in the same timeframe.',
  expired_token: 'The `device_code` has expired.',
  access_denied: 'The authorization request was denied.',
  incorrect_device_code: 'The device_code provided is not valid.',
  incorrect_client_credentials: 'The client_id and/or client_secret passed are incorrect.',
  device_flow_disabled: 'Device Flow must be explicitly enabled for this App',
  unsupported_grant_type: 'The grant type is not supported.',
  bad_refresh_token: 'The refresh token passed is incorrect or expired.',
} as const;

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

/** Begins a device flow; undefined for an app that is not there. */
export function startDeviceFlow(context: Context, fields: Fields): Told | undefined {
  const app = appOf(context, fields);
  if (app === undefined) return undefined;
  if (!app.deviceFlow) return refusal('device_flow_disabled');
  const { deviceCode, userCode, interval } = context.deviceCodes.start(app);
  return {
    device_code: deviceCode,
    user_code: userCode,
    verification_uri: `${context.baseUrl}/login/device`,
    expires_in: deviceCodeLife,
    interval,
  };
}

/** A token for a device code or for a refresh token; the web flow's codes are not issued here. */
export function grantToken(context: Context, fields: Fields): Told {
  const app = appOf(context, fields);
  if (app === undefined || !secretFits(app, fields)) return refusal('incorrect_client_credentials');
  switch (fields.grant_type) {
    case deviceGrant:
      return byDeviceCode(context, app, fields.device_code ?? '');
    case 'refresh_token':
      return byRefreshToken(context, app, fields);
    default:
      return refusal('unsupported_grant_type');
  }
}

function byDeviceCode(context: Context, app: App, deviceCode: string): Told {
  if (!app.deviceFlow) return refusal('device_flow_disabled');
  const asked = context.deviceCodes.ask(app, deviceCode);
  if (asked.found !== 'authorized') {
    return { ...refusal(asked.found), ...(asked.found === 'slow_down' ? { interval: asked.interval } : {}) };
  }
  const account = context.state.accounts.need(asked.accountId);
  return granted(addAppUserToken(context.state, context.now(), app, account, { byDeviceFlow: true }));
}

/** The old token and its refresh token end with their first use. */
function byRefreshToken(context: Context, app: App, fields: Fields): Told {
  const { state } = context;
  const old = tokenToRefresh(state, context.now(), app, fields.refresh_token ?? '');
  if (old === undefined) return refusal('bad_refresh_token');
  if (!old.byDeviceFlow && fields.client_secret === undefined) return refusal('incorrect_client_credentials');
  state.tokens.delete(old.id);
  const account = state.accounts.need(old.accountId);
  return granted(addAppUserToken(state, context.now(), app, account, { byDeviceFlow: old.byDeviceFlow }));
}

function granted({ token, refreshToken }: Token): Told {
  return {
    access_token: token,
    expires_in: userTokenLife,
    refresh_token: refreshToken ?? '',
    refresh_token_expires_in: refreshTokenLife,
    token_type: 'bearer',
    scope: '',
  };
}

function appOf({ state }: Context, { client_id: wanted }: Fields): App | undefined {
  return state.apps.find(({ clientId }) => clientId === wanted);
}

/** A device flow needs no secret; one that is given must be right. */
const secretFits = ({ clientSecret }: App, { client_secret: given }: Fields): boolean =>
  given === undefined || isSame(given, clientSecret);

function refusal(error: keyof typeof descriptions): Told {
  return {
    error,
    error_description: descriptions[error],
    error_uri: 'https://docs.github.com/apps/creating-github-apps',
  };
}
