import type { RehearseFile } from '../rehearse-file.ts';
import {
  api,
  auth,
  billing,
  catalog,
  gateway,
  notifications,
  type ServiceCode,
  search,
  worker,
} from './service-code.ts';
import { sharedLibrary } from './shared-library.ts';

/** One sample repository: its files, and what GitHub knows of it. */
export interface SampleRepository {
  name: string;
  /** Path → content. */
  files: Readonly<Record<string, string>>;
  facts: Partial<RehearseFile['repositories'][string]>;
}

export const sampleOrganization = 'acme';
export const sampleSender = 'mona';
export const sampleTopic = 'platform-my-app';

/** 8 services, 4 that carry the topic and are left out, 3 without it. */
export const sampleRepositories: readonly SampleRepository[] = [
  service('service-api', api, '1.4.0', { topics: [sampleTopic, 'language-js', 'team-edge'] }),
  service('service-auth', auth, '1.4.0', { topics: [sampleTopic, 'language-js', 'team-identity'] }),
  service('service-billing', billing, '1.4.2', { topics: [sampleTopic, 'language-js', 'team-money'] }),
  service('service-catalog', catalog, '2.0', { topics: [sampleTopic, 'language-js', 'team-shop'] }),
  service('service-gateway', gateway, '1.3.0', { topics: [sampleTopic, 'language-js', 'team-edge'] }),
  service('service-notifications', notifications, '1.4.0', { topics: [sampleTopic, 'language-js', 'team-shop'] }),
  service('service-search', search, '1.2.7', { topics: [sampleTopic, 'language-js', 'team-shop'] }),
  service('service-worker', worker, '1.4.0', { topics: [sampleTopic, 'language-js', 'team-edge'] }),
  service('service-legacy', worker, '1.0.0', { topics: [sampleTopic], archived: true }),
  service('service-reports', search, '1.4.0', { topics: [sampleTopic], fork: true }),
  service('service-sandbox', api, '1.4.0', { topics: [sampleTopic, 'fleet-ignore'] }),
  service('service-vault', auth, '1.4.0', { topics: [sampleTopic], permission: 'read' }),
  service('website', notifications, '1.4.0', { topics: ['team-marketing'] }),
  plain('handbook', 'How we work', { 'on-call.md': '# On call\n\nThe pager rotates on Mondays.\n' }),
  plain('infrastructure', 'Where things run', { 'main.tf': 'terraform {\n  required_version = ">= 1.6"\n}\n' }),
];

function service(
  name: string,
  code: ServiceCode,
  sharedVersion: string,
  facts: SampleRepository['facts'],
): SampleRepository {
  const manifest = {
    name: `@acme/${name}`,
    version: '1.0.0',
    private: true,
    description: code.description,
    type: 'module',
    imports: { '#shared': './vendor/acme-shared/index.js' },
    scripts: { test: 'node --test' },
    dependencies: { '@acme/shared': sharedVersion },
  };
  return {
    name,
    facts,
    files: {
      'README.md': `# ${name}\n\n${code.description}. Run its tests with \`npm test\`.\n`,
      'package.json': `${JSON.stringify(manifest, null, 2)}\n`,
      [`src/${code.module}.js`]: code.source,
      [`test/${code.module}.test.js`]: code.test,
      ...sharedLibrary,
    },
  };
}

function plain(name: string, description: string, files: Record<string, string>): SampleRepository {
  return {
    name,
    facts: { topics: ['team-platform'] },
    files: { 'README.md': `# ${name}\n\n${description}.\n`, ...files },
  };
}
