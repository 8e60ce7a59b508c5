import type { IncomingMessage } from 'node:http';

/** Lines of a header by its name in small letters. */
export type Headers = Record<string, string[]>;

/** Between two neighbours only, or written anew for each. Source: RFC 9110, 7.6.1. */
const BETWEEN_NEIGHBOURS = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** What may go on to the other side of a proxy. */
export function passedOn({ headersDistinct }: IncomingMessage): Headers {
  const named = (headersDistinct.connection ?? []).flatMap((line) => line.toLowerCase().split(/[\s,]+/));
  return Object.fromEntries(
    Object.entries(headersDistinct).flatMap(([name, lines]) =>
      lines === undefined || BETWEEN_NEIGHBOURS.has(name) || name.startsWith('proxy-') || named.includes(name)
        ? []
        : [[name, lines]],
    ),
  );
}

/** How long the body is, as the parser has read it: never two answers to one question. */
export function framing({ headersDistinct }: IncomingMessage): Headers {
  const { 'content-length': length, 'transfer-encoding': coding } = headersDistinct;
  if (coding !== undefined) return { 'transfer-encoding': ['chunked'] };
  return length === undefined ? {} : { 'content-length': length };
}

/** Under any name that an API, or a server before it, could take for who asks or for what. */
const CREDENTIALS = /^(?:.*(?:authorization|api-?key|auth-?token|access-?token).*|cookie2?)$/;
const OTHER_REQUEST =
  /^(?:x-original-.*|x-rewrite-.*|x-forwarded-.*|forwarded|x-http-method.*|x-method-override|x-host)$/;

/** Headers of a request to the model: nobody's key but the operator's, since another account would be a way out. */
export function withKey(headers: Headers, { header, value }: { header: string; value: string }): Headers {
  const name = header.toLowerCase();
  const kept = Object.entries(headers).filter(([written]) => {
    const read = written.replaceAll('_', '-');
    return read !== name && !CREDENTIALS.test(read) && !OTHER_REQUEST.test(read);
  });
  return { ...Object.fromEntries(kept), [name]: [value] };
}
