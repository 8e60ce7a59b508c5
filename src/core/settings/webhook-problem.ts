import { isListed, readListedHost } from '../network/listed-host.ts';
import { readTarget, writeTarget } from '../network/target.ts';

/** Ports that an entry without one stands for. */
export const WEBHOOK_PORTS: readonly number[] = [443];

/**
 * Why nothing may be sent there; null: the operator's hosts allow it. The address is a secret: its host alone is named.
 * @param url that the settings' schema let through
 */
export function webhookProblem(url: string, hosts: readonly string[]): { message: string; hint: string } | null {
  const { protocol, host } = new URL(url);
  const target = readTarget(host, protocol === 'https:' ? 443 : 80);
  const listed = hosts.map(readListedHost).filter((entry) => entry !== null);
  if (target !== null && listed.some((entry) => isListed(entry, target, WEBHOOK_PORTS))) return null;
  const name = target === null ? 'its host' : `\`${writeTarget(target, 443)}\``;
  return {
    message: `\`notify.webhook\` leads to ${name}, where the server sends no webhooks.`,
    hint: `Ask the operator of the server to list it under \`notify.hosts\`, or remove it here.`,
  };
}
