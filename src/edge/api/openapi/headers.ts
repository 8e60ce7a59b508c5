const TEXT = { schema: { type: 'string' } };

/** Headers of answers. */
export const HEADERS = {
  'X-Request-Id': { description: "Stands in the server's log", ...TEXT },
  'Idempotent-Replay': { description: '`true`: this was answered before', ...TEXT },
  'WWW-Authenticate': { description: 'What a client needs to log in', ...TEXT },
  'Retry-After': { description: 'Seconds', schema: { type: 'integer' } },
};

export const headerRef = (name: keyof typeof HEADERS): object => ({ [name]: { $ref: `#/components/headers/${name}` } });

export const REQUEST_ID = headerRef('X-Request-Id');
