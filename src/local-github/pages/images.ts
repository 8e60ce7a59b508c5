import type { Account } from '../state/records.ts';
import { html } from './html.ts';

const colours = ['#0969da', '#8250df', '#1a7f37', '#bc4c00', '#bf3989', '#4d5566', '#9a6700', '#0a7a7a'];

/** A coloured tile with the first letter; squares with round corners for organizations and bots. */
export function avatarImage(account: Account): string {
  const colour = colours[account.id % colours.length] ?? '#4d5566';
  const radius = account.type === 'User' ? 20 : 8;
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" rx="${radius}" fill="${colour}"/><text x="20" y="27" text-anchor="middle" font-family="sans-serif" font-size="20" font-weight="600" fill="#fff">${account.login.slice(0, 1).toUpperCase()}</text></svg>`
    .text;
}

export const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#1f6feb"/><path d="M6 20h20l-3 6H9zM15 5v12H8zM17 8l7 9h-7z" fill="#fff"/></svg>';
