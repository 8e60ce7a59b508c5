/**
 * The vendored `@acme/shared` of the sample services. It holds both majors and picks the one that package.json asks
 * for, so that a bump really changes what the tests run against, without a registry.
 */
export const sharedLibrary: Readonly<Record<string, string>> = {
  'vendor/acme-shared/README.md': `# @acme/shared (vendored)

Both majors lie here; \`index.js\` takes the one that \`package.json\` names. It stands in for a package registry.
`,
  'vendor/acme-shared/index.js': `import { readFileSync } from 'node:fs';
import * as v1 from './v1.js';
import * as v2 from './v2.js';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const wanted = manifest.dependencies?.['@acme/shared'] ?? manifest.devDependencies?.['@acme/shared'] ?? '1';

export const shared = Number.parseInt(wanted.replace(/^\\D+/, ''), 10) >= 2 ? v2 : v1;
`,
  'vendor/acme-shared/v1.js': `import { createHmac } from 'node:crypto';

export { parseBoolean, retry, slugify } from './stable.js';

export function formatMoney(amount, currency) {
  return new Intl.NumberFormat('en-US', { style: 'currency', currency }).format(amount / 100);
}

export function signRequest(path, secret) {
  return createHmac('sha256', secret).update(path).digest('hex');
}
`,
  'vendor/acme-shared/v2.js': `export { parseBoolean, retry, slugify } from './stable.js';

// 2.0: formatMoney takes one object, and signRequest is gone.
export function formatMoney(money) {
  if (typeof money !== 'object') {
    throw new TypeError('formatMoney takes one object since 2.0: formatMoney({ amount, currency })');
  }
  const { amount, currency } = money;
  return new Intl.NumberFormat('en-US', { style: 'currency', currency }).format(amount / 100);
}
`,
  'vendor/acme-shared/stable.js': `export function slugify(text) {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

export function parseBoolean(text) {
  return ['1', 'on', 'true', 'yes'].includes(String(text).toLowerCase());
}

export async function retry(work, attempts = 3) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (error) {
      if (attempt >= attempts) throw error;
    }
  }
}
`,
};
