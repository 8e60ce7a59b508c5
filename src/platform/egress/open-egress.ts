import type { OpenEgress } from '../sandbox/create-sandbox.ts';

/** The way out of a box: a proxy that lets through to listed hosts, and adds the model's key. */
export const openEgress: OpenEgress = () => Promise.reject(new Error('There is no way out of a box.'));
