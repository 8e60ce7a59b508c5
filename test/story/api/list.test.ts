import { expect, test } from 'vitest';
import { aFleet, aPlan, insertFleet } from '../../store/fixtures.ts';
import { openWorld, type World } from '../world.ts';
import { ask } from './api-client.ts';
