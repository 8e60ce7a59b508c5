import { expect, test } from 'vitest';
import { comparePermissions, type OperationPermissions } from './compare-permissions.ts';

const needs = (permission: string, access: string, additional = false): OperationPermissions => ({
  'GET /x': [{ permission, access, additional }],
});

test('a permission more, another one and one that is gone may lead to a refusal', () => {
  expect(comparePermissions({}, needs('issues', 'read'))).toEqual([
    { weight: 'breaks requests', text: 'GET /x (permissions): none, or not for an installation → issues:read' },
  ]);
  expect(comparePermissions(needs('issues', 'read'), needs('contents', 'read'))).toEqual([
    { weight: 'breaks requests', text: 'GET /x (permissions): issues:read → contents:read' },
  ]);
  expect(comparePermissions(needs('issues', 'read'), {})).toEqual([
    { weight: 'breaks requests', text: 'GET /x (permissions): issues:read → none, or not for an installation' },
  ]);
});

test('an access that rose may lead to a refusal, one that fell does not', () => {
  expect(comparePermissions(needs('issues', 'read'), needs('issues', 'write'))[0]?.weight).toBe('breaks requests');
  expect(comparePermissions(needs('issues', 'write'), needs('issues', 'read'))[0]?.weight).toBe('widens');
});

test('further permissions beside the named one are a change', () => {
  expect(comparePermissions(needs('issues', 'read'), needs('issues', 'read', true))).toEqual([
    { weight: 'breaks requests', text: 'GET /x (permissions): issues:read → issues:read and others' },
  ]);
});

test('the order of permissions is none', () => {
  const [one, other] = [...(needs('issues', 'read')['GET /x'] ?? []), ...(needs('contents', 'read')['GET /x'] ?? [])];
  if (one === undefined || other === undefined) throw new Error('Two permissions are needed.');
  expect(comparePermissions({ 'GET /x': [one, other] }, { 'GET /x': [other, one] })).toEqual([]);
});
