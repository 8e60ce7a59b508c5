import { isLoopback } from '../loopback.ts';
import type { OperatorSettings } from './types.ts';
import { webhookProblem } from './webhook-problem.ts';

/**
 * Why webhooks could not be signed, or sent to the operator's address; values appear in no message.
 * @param variables of the server's environment
 */
export function notifyProblems(
  { hosts, secretFrom, webhookFrom }: OperatorSettings['notify'],
  variables: Readonly<Record<string, string>>,
): string[] {
  const unset = (key: string, name: string, what: string): string =>
    `\`notify.${key}\` names ${name}, which is not set in the server's environment. Set ${name} to ${what}, or correct the name.`;
  const problems: string[] = [];
  if (secretFrom !== null && (variables[secretFrom]?.trim() ?? '') === '') {
    problems.push(unset('secret_from', secretFrom, 'the secret that receivers verify with (`openssl rand -hex 32`)'));
  }
  if (webhookFrom !== null) {
    const url = variables[webhookFrom]?.trim() ?? '';
    if (url === '') problems.push(unset('webhook_from', webhookFrom, 'the address of the webhook'));
    else problems.push(...addressProblems(webhookFrom, url, hosts));
  }
  return problems;
}

function addressProblems(name: string, url: string, hosts: readonly string[]): string[] {
  const where = `\`notify.webhook_from\` names ${name}, which`;
  if (!/^https?:\/\/[^\s@#\\]+$/i.test(url) || !URL.canParse(url)) {
    return [`${where} holds no address of a webhook. Set it to one, such as https://hooks.example.com/services/one.`];
  }
  const { protocol, host } = new URL(url);
  if (protocol === 'http:' && !isLoopback(host)) {
    return [
      `${where} is http:// to another machine: everybody on the way could read it. Set it to an https:// address.`,
    ];
  }
  if (webhookProblem(url, hosts) === null) return [];
  return [`${where} leads to ${host}, which \`notify.hosts\` does not list. Add the host there.`];
}
