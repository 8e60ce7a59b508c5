import { isLoopback } from '../../core/loopback.ts';
import { WEBHOOK_PATH } from '../../edge/serve.ts';
import type { AppHook, DeliveryOutcome } from '../../ports/github-app.ts';
import { type Finding, fault, ok, warning } from './finding.ts';

const CHECK = 'webhook';

/** Where the app's webhooks go. @param settings where a person changes it, `https://github.com/settings/apps` */
export function checkHook({ url, contentType, verifiesCertificate, hasSecret }: AppHook): Finding[] {
  const where = "in the app's settings on GitHub, under _Webhook_";
  if (!URL.canParse(url)) {
    return [fault(CHECK, 'The app has no webhook URL.', `Set it ${where}: https://<your host>${WEBHOOK_PATH}`)];
  }
  const { protocol, host, pathname, origin } = new URL(url);
  const findings: Finding[] = [];
  if (protocol !== 'https:' && !isLoopback(host)) {
    findings.push(
      fault(CHECK, `Webhooks come over ${protocol.slice(0, -1)}, to ${origin}.`, `Set an https URL ${where}.`),
    );
  }
  if (!pathname.endsWith(WEBHOOK_PATH)) {
    const remedy = `Set ${origin}${WEBHOOK_PATH} ${where}.`;
    findings.push(fault(CHECK, `The webhook URL ends in ${pathname}; Flotilla listens on ${WEBHOOK_PATH}.`, remedy));
  }
  if (contentType !== 'json') {
    findings.push(
      fault(CHECK, `Webhooks come as ${contentType || 'form'}.`, `Set the content type application/json ${where}.`),
    );
  }
  if (!hasSecret) {
    findings.push(fault(CHECK, 'The webhook has no secret.', `Set the one of WEBHOOK_SECRET ${where}.`));
  }
  if (!verifiesCertificate) {
    findings.push(warning(CHECK, 'GitHub does not look at the certificate.', `Enable SSL verification ${where}.`));
  }
  return findings.length > 0 ? findings : [ok(CHECK, `GitHub sends signed JSON to ${origin}${pathname}.`)];
}

/** How the newest deliveries ended. @param newest newest first */
export function checkDeliveries(newest: readonly DeliveryOutcome[]): Finding[] {
  const check = 'deliveries';
  const [last] = newest;
  if (last === undefined) {
    const remedy = 'Comment `/fleet help` on an issue of a repository with the app, and ask again.';
    return [warning(check, 'GitHub keeps no delivery of the last days.', remedy)];
  }
  const failed = newest.filter(({ statusCode }) => !arrived(statusCode));
  const [worst] = failed;
  if (worst === undefined) return [ok(check, `The newest ${newest.length} deliveries arrived.`)];
  const what = `${worst.event} at ${new Date(worst.deliveredAt).toISOString()}: ${worst.statusCode} ${worst.status}`;
  if (arrived(last.statusCode)) {
    const said = `The newest delivery arrived; ${failed.length} of the last ${newest.length} did not, last ${what}.`;
    return [
      warning(
        check,
        said,
        'A running server asks for those it needs by itself: docs/operations.md, When Flotilla was down.',
      ),
    ];
  }
  return [fault(check, `The newest delivery did not arrive: ${what}.`, remedyFor(worst.statusCode))];
}

const arrived = (statusCode: number): boolean => statusCode >= 200 && statusCode <= 299;

function remedyFor(statusCode: number): string {
  switch (statusCode) {
    case 401:
      return "The secrets differ: set WEBHOOK_SECRET to that of the app's settings, and restart.";
    case 403:
    case 405:
    case 413:
      return 'A proxy before the server refuses it: let POST through, up to 25 MB.';
    case 404:
    case 410:
      return `Something else answers there, or a proxy has no rule for ${WEBHOOK_PATH}.`;
    default:
      return 'Is the server running, and does its host answer GitHub: DNS, certificate, firewall, proxy? docs/guides/running.md';
  }
}
