/** Where a request wants to go, written in one way only. */
export interface Target {
  /** Small letters, ASCII, no final dot; an IPv4 address with four decimal numbers, an IPv6 address without brackets. */
  host: string;
  port: number;
}

/**
 * Reads `host` or `host:port` as clients would (0x7f.1 is 127.0.0.1, bücher.example is xn--bcher-kva.example), so that
 * what is compared with the list is what is connected to. Source: URL Standard, host parsing.
 * @param defaultPort null: there must be one
 * @returns null for what names no host, and for anything with userinfo
 */
export function readTarget(authority: string, defaultPort: number | null): Target | null {
  if (!/^[^\s/?#@\\]{1,300}$/.test(authority)) return null;
  const written = /:(\d{1,5})$/.exec(authority)?.[1];
  const port = written === undefined ? defaultPort : Number(written);
  if (port === null || port < 1 || port > 65_535 || !URL.canParse(`http://${authority}`)) return null;
  const host = new URL(`http://${authority}`).hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  return /^$|^\.|\.\.|\.$/.test(host) ? null : { host, port };
}

/** @param defaultPort of the protocol, which is left out */
export function writeTarget({ host, port }: Target, defaultPort?: number): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === defaultPort ? name : `${name}:${port}`;
}
