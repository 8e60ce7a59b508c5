import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { services, workflowFiles } from '../workflows.ts';
import { openWorld } from '../world.ts';
import { ask } from './api-client.ts';

const WORK = `
name: work
services: [{ tag: app }]
parallel: true
nodes:
  - { id: meet, bash: "touch ../../../../../meeting/x 2>/dev/null; until test -e {{meeting}}; do sleep 0.02; done" }
`;
