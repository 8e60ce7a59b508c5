import { parse as parseForm } from 'node:querystring';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiError } from './api-error.ts';
import type { Context } from './context.ts';
import { isFromElsewhere } from './loopback.ts';
import { acceptManifest, type Manifest, manifestSchema } from './operations/create-app.ts';

/**
 * Where an app's setup page sends its manifest. The real GitHub asks the person to confirm; here the form is the
 * confirmation, and the browser goes straight back with the code. So that no page of the web confirms in the person's
 * place, the form must come from a page of this machine.
 */
export async function registerManifestPage(app: FastifyInstance, context: Context): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: 1024 * 1024 }, (_request, body, done) =>
      done(null, body),
    );
    for (const url of ['/settings/apps/new', '/organizations/:org/settings/apps/new']) {
      scope.post(url, async (request, reply) => {
        demandLoopbackPage(request);
        const form = parseForm(typeof request.body === 'string' ? request.body : '');
        const { state } = Object(request.query);
        const target = acceptManifest(
          context,
          readManifest(form.manifest),
          typeof state === 'string' ? state : undefined,
        );
        return reply.redirect(target, 302);
      });
    }
  });
}

/** Every browser names the origin of a posted form. @throws ApiError 403 for other machines' pages, and for no page */
function demandLoopbackPage({ headers }: FastifyRequest): void {
  const told = headers.origin !== undefined || headers['sec-fetch-site'] !== undefined;
  if (told && !isFromElsewhere(headers)) return;
  throw new ApiError(403, 'A manifest is taken from a setup page on this machine only, in a browser.');
}

/** @throws ApiError 422 that says what the manifest lacks */
function readManifest(field: unknown): Manifest {
  let written: unknown;
  try {
    written = JSON.parse(String(field));
  } catch (error) {
    throw new ApiError(422, `The manifest is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const read = manifestSchema.safeParse(written);
  if (!read.success) throw new ApiError(422, `The manifest is not valid:\n${z.prettifyError(read.error)}`);
  return read.data;
}
