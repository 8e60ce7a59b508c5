/** Values in Slack's mrkdwn. Source: https://docs.slack.dev/messaging/formatting-message-text */

const ZERO_WIDTH = '\u200b';

/** A value shown as it is: it formats nothing, links nowhere and calls nobody. */
export function chatText(value: string): string {
  return value
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .slice(0, 200)
    .toWellFormed()
    .replace(/[*~`@]|\b_|_\b/g, `${ZERO_WIDTH}$&${ZERO_WIDTH}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** The address of a link, which cannot end it. */
export function chatUrl(url: string): string {
  return url
    .toWellFormed()
    .replace(/[^!-~]|[<>|]/gu, encodeURIComponent)
    .replaceAll('&', '&amp;');
}
