/** Permission → level, as in `default_permissions` of app.yml. */
export type PermissionLevels = Readonly<Record<string, string>>;

/** The app as it is registered on GitHub. */
export interface AppRegistration {
  slug: string;
  permissions: PermissionLevels;
  /** Webhook events that it subscribes to. */
  events: readonly string[];
}

/** What an account granted the app, which stays as it is when the app asks for more. */
export interface AppInstallation {
  /** Login of the account, or an enterprise's slug. */
  account: string;
  suspended: boolean;
  /** Where its owners see what it may. */
  url: string;
  permissions: PermissionLevels;
  events: readonly string[];
}

/** Where and how GitHub delivers webhooks; '' and false where nothing is set. */
export interface AppHook {
  url: string;
  contentType: string;
  /** GitHub looks at the certificate. */
  verifiesCertificate: boolean;
  hasSecret: boolean;
}

export interface DeliveryOutcome {
  event: string;
  /** Epoch milliseconds, by GitHub's clock. */
  deliveredAt: number;
  /** Of the server's answer, or of GitHub for what was none. */
  statusCode: number;
  /** Such as `OK` or `failed to connect to host`. */
  status: string;
}

/** What GitHub tells the app about itself; it only reads. Every method may throw GitHubError. */
export interface GitHubApp {
  registration(): Promise<AppRegistration>;
  /** At most a thousand. */
  installations(): Promise<AppInstallation[]>;
  hook(): Promise<AppHook>;
  /** The newest first, at most 100. */
  newestDeliveries(): Promise<DeliveryOutcome[]>;
  /** By the date of the newest answer, whatever it was: our time minus GitHub's, to the second; null: there was none. */
  aheadMs(): number | null;
}
