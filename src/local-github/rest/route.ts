import type { z } from 'zod';
import { type Need, type OrganizationNeed, roleIsAtLeast, roleOf } from '../access/permissions.ts';
import type { Actor, Author } from '../actor.ts';
import { forbidden, notFound } from '../api-error.ts';
import type { Context } from '../context.ts';
import type { Account, App, Repository, Role } from '../state/records.ts';
import { type Admission, admit, type Demanded } from './admit.ts';
import { type Answer, type Method, parseInput, type RawCall } from './call.ts';

interface Call<Query, Body> {
  context: Context;
  actor: Actor;
  /** Decoded values of the template's `{names}`. */
  path: (name: string) => string;
  query: Query;
  body: Body;
  raw: RawCall;
}

export type AnyoneCall<Query = unknown, Body = unknown> = Call<Query, Body>;
export type AppCall<Query = unknown, Body = unknown> = Call<Query, Body> & { app: App };
export type InstallationCall<Query = unknown, Body = unknown> = Call<Query, Body> & {
  actor: Actor & { kind: 'installation' };
};
export type ReadCall<Query = unknown, Body = unknown> = Call<Query, Body> & {
  repository: Repository;
  /** The repository's bare git directory. */
  directory: string;
};
/** There is always somebody who writes. */
export type WriteCall<Query = unknown, Body = unknown> = ReadCall<Query, Body> & {
  author: Author;
  /** For what a person may only do to their own: @throws ApiError 403 below that role. Apps have passed already. */
  demandRole(least: Role): void;
};

interface Shape<Query, Body, C> {
  method: Method;
  /** GitHub's template; a last name that may contain slashes is written `{name+}`. */
  path: string;
  /** The same is answered without the last name and the slash before it. */
  lastIsOptional?: true;
  query: z.ZodType<Query>;
  body: z.ZodType<Body>;
  /** Names the resource in 422 answers; null where their errors are plain sentences. */
  resource?: string | null;
  handler: (call: C) => Answer | Promise<Answer>;
}

/** A route whose types are closed over, so that routes of all shapes fit in one table. */
export interface Route {
  method: Method;
  path: string;
  lastIsOptional: boolean;
  /** Who may ask, for whom needs and tests read it. */
  demands: Demanded;
  /** Access first, then validation, then the handler; throws ApiError. */
  run(raw: RawCall): Promise<Answer>;
}

/** Public information; also for anonymous requests. */
export function anyoneRoute<Query, Body>(shape: Shape<Query, Body, AnyoneCall<Query, Body>>): Route {
  return close(shape, { access: 'anyone' }, (call) => call);
}

/** Only with an App JWT. */
export function appRoute<Query, Body>(shape: Shape<Query, Body, AppCall<Query, Body>>): Route {
  return close(shape, { access: 'app' }, (call, admitted) => {
    if (admitted.app === undefined) throw new Error('an app route was entered without an app');
    return { ...call, app: admitted.app };
  });
}

/** Only with the client id and secret of the app that the path names. */
export function clientRoute<Query, Body>(shape: Shape<Query, Body, AppCall<Query, Body>>): Route {
  return close(shape, { access: 'client' }, (call, admitted) => {
    if (admitted.app === undefined) throw new Error('a client route was entered without an app');
    if (call.path('client_id') !== admitted.app.clientId) throw notFound();
    return { ...call, app: admitted.app };
  });
}

/** Only with an installation token. */
export function installationRoute<Query, Body>(shape: Shape<Query, Body, InstallationCall<Query, Body>>): Route {
  return close(shape, { access: 'installation' }, (call) => {
    const { actor } = call;
    if (actor.kind !== 'installation') throw new Error('an installation route was entered without an installation');
    return { ...call, actor };
  });
}

/** Asks about an organization as a whole. */
export function organizationRoute<Query, Body>(
  shape: Shape<Query, Body, Call<Query, Body> & { organization: Account }> & { need: OrganizationNeed },
): Route {
  return close(shape, { access: 'organization', need: shape.need }, (call, admitted) => {
    if (admitted.organization === undefined) throw new Error('an organization route was entered without one');
    return { ...call, organization: admitted.organization };
  });
}

/** Reads something of one repository. */
export function readRoute<Query, Body>(
  shape: Shape<Query, Body, ReadCall<Query, Body>> & { need: string | readonly string[]; role?: Need['role'] },
): Route {
  const need = needOf(shape.need, 'read', shape.role);
  return close(shape, { access: 'repository', need }, (call, admitted) => ({ ...call, ...repositoryOf(admitted) }));
}

/** Changes something in one repository. @param shape.content counts against the limits on content creation. */
export function writeRoute<Query, Body>(
  shape: Shape<Query, Body, WriteCall<Query, Body>> & {
    need: string | readonly string[];
    role?: Need['role'];
    content?: boolean;
    onArchived?: boolean;
  },
): Route {
  const need = { ...needOf(shape.need, 'write', shape.role), onArchived: shape.onArchived ?? false };
  return close(shape, { access: 'repository', need, content: shape.content ?? false }, (call, admitted) => {
    if (admitted.author === undefined) throw new Error('a write was admitted without an author');
    const { author } = admitted;
    const place = repositoryOf(admitted);
    const demandRole = (least: Role): void => {
      const { state } = call.context;
      if (author.account.type !== 'Bot' && !roleIsAtLeast(roleOf(state, author.account, place.repository), least)) {
        throw forbidden();
      }
    };
    return { ...call, ...place, author, demandRole };
  });
}

function needOf(names: string | readonly string[], level: Need['level'], role: Need['role']): Need {
  return { permission: typeof names === 'string' ? [names] : names, level, ...(role === undefined ? {} : { role }) };
}

function repositoryOf(admitted: Admission): { repository: Repository; directory: string } {
  if (admitted.repository === undefined || admitted.directory === undefined) {
    throw new Error('a repository route was entered without a repository');
  }
  return { repository: admitted.repository, directory: admitted.directory };
}

function close<Query, Body, C>(
  shape: Shape<Query, Body, C>,
  demands: Demanded,
  widen: (call: Call<Query, Body>, admitted: Admission) => C,
): Route {
  const resource = shape.resource === undefined ? 'Request' : shape.resource;
  return {
    method: shape.method,
    path: shape.path,
    lastIsOptional: shape.lastIsOptional ?? false,
    demands,
    run: async (raw) => {
      const admitted = await admit(raw, demands);
      const query = parseInput(shape.query, raw.query, resource);
      const body = parseInput(shape.body, raw.readBody(), resource);
      const { context } = raw;
      const path = (name: string): string => raw.path[name] ?? '';
      return shape.handler(widen({ context, actor: admitted.actor, path, query, body, raw }, admitted));
    },
  };
}
