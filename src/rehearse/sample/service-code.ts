/** The code of one sample service: what it is for, its source, its test. */
export interface ServiceCode {
  description: string;
  /** Name of the module in src/, without extension. */
  module: string;
  source: string;
  test: string;
}

const head = `import { shared } from '#shared';\n\n`;
const testHead = `import assert from 'node:assert/strict';\nimport { test } from 'node:test';\n`;

export const api: ServiceCode = {
  description: 'The public HTTP API of the platform',
  module: 'routes',
  source: `${head}/** '/articles/hello-world' for an article's title. */
export function articlePath(title) {
  return '/articles/' + shared.slugify(title);
}

export function isPublic(headers) {
  return !shared.parseBoolean(headers['x-internal'] ?? 'no');
}
`,
  test: `${testHead}import { articlePath, isPublic } from '../src/routes.js';

test('an article has a readable path', () => {
  assert.equal(articlePath('Hello, World!'), '/articles/hello-world');
});

test('an internal request is not public', () => {
  assert.equal(isPublic({ 'x-internal': 'true' }), false);
  assert.equal(isPublic({}), true);
});
`,
};

export const auth: ServiceCode = {
  description: 'Sessions and sign-in',
  module: 'session',
  source: `${head}/** Reads a session; a store that fails once or twice is asked again. */
export async function readSession(store, id) {
  return shared.retry(() => store.get(id));
}
`,
  test: `${testHead}import { readSession } from '../src/session.js';

test('a session is read although the store fails once', async () => {
  let calls = 0;
  const store = {
    get: async (id) => {
      calls += 1;
      if (calls === 1) throw new Error('try again');
      return { id, user: 'mona' };
    },
  };
  assert.deepEqual(await readSession(store, 's1'), { id: 's1', user: 'mona' });
  assert.equal(calls, 2);
});
`,
};

/** Its calls of formatMoney break with 2.0, and can be adapted. */
export const billing: ServiceCode = {
  description: 'Invoices and payments',
  module: 'invoice',
  source: `${head}/** One line of text per position, then the total; amounts are cents. */
export function invoiceLines(positions, currency) {
  const total = positions.reduce((sum, position) => sum + position.amount, 0);
  return [
    ...positions.map((position) => position.title + ': ' + shared.formatMoney(position.amount, currency)),
    'Total: ' + shared.formatMoney(total, currency),
  ];
}
`,
  test: `${testHead}import { invoiceLines } from '../src/invoice.js';

test('an invoice lists its positions and the total', () => {
  const positions = [
    { title: 'Seats', amount: 120000 },
    { title: 'Storage', amount: 950 },
  ];
  assert.deepEqual(invoiceLines(positions, 'USD'), ['Seats: $1,200.00', 'Storage: $9.50', 'Total: $1,209.50']);
});
`,
};

export const catalog: ServiceCode = {
  description: 'Products and prices',
  module: 'price-tag',
  source: `${head}export function priceTag(product) {
  return product.title + ' ' + shared.formatMoney({ amount: product.cents, currency: 'EUR' });
}
`,
  test: `${testHead}import { priceTag } from '../src/price-tag.js';

test('a price tag names the product and its price', () => {
  assert.equal(priceTag({ title: 'Lamp', cents: 4999 }), 'Lamp €49.99');
});
`,
};

/** Depends on signRequest, which 2.0 removed without a replacement. */
export const gateway: ServiceCode = {
  description: 'Routes requests between services',
  module: 'forward',
  source: `${head}/** The headers with which a request is passed on to another service. */
export function forwardHeaders(path, secret) {
  return { 'x-acme-signature': shared.signRequest(path, secret) };
}
`,
  test: `${testHead}import { forwardHeaders } from '../src/forward.js';

test('a forwarded request is signed', () => {
  assert.match(forwardHeaders('/orders/7', 'secret')['x-acme-signature'], /^[0-9a-f]{64}$/);
});
`,
};

export const notifications: ServiceCode = {
  description: 'E-mail and push messages',
  module: 'channels',
  source: `${head}/** The channels that a person has switched on. */
export function channels(settings) {
  return Object.keys(settings).filter((channel) => shared.parseBoolean(settings[channel]));
}
`,
  test: `${testHead}import { channels } from '../src/channels.js';

test('only channels that are on are used', () => {
  assert.deepEqual(channels({ email: 'yes', push: 'off', sms: '1' }), ['email', 'sms']);
});
`,
};

export const search: ServiceCode = {
  description: 'Full-text search',
  module: 'terms',
  source: `${head}export function terms(query) {
  return shared.slugify(query).split('-').filter((term) => term.length > 1);
}
`,
  test: `${testHead}import { terms } from '../src/terms.js';

test('a query is split into its terms', () => {
  assert.deepEqual(terms('A blue Lamp!'), ['blue', 'lamp']);
});
`,
};

export const worker: ServiceCode = {
  description: 'Background jobs',
  module: 'run-job',
  source: `${head}export async function runJob(job) {
  return shared.retry(async (attempt) => ({ attempt, result: await job() }), 5);
}
`,
  test: `${testHead}import { runJob } from '../src/run-job.js';

test('a job that fails at first is run again', async () => {
  let left = 2;
  const job = async () => {
    left -= 1;
    if (left > 0) throw new Error('busy');
    return 'done';
  };
  assert.deepEqual(await runJob(job), { attempt: 2, result: 'done' });
});
`,
};
