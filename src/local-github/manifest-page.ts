import { parse as parseForm } from 'node:querystring';
import type { FastifyInstance } from 'fastify';
import { ApiError } from './api-error.ts';
import type { Context } from './context.ts';
import { acceptManifest, type Manifest, manifestSchema } from './operations/create-app.ts';

/**
 * Where an app's setup page sends its manifest. The real GitHub asks the person to confirm; here the form is the
 * confirmation, and the browser goes straight back with the code.
 */
export async function registerManifestPage(app: FastifyInstance, context: Context): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: 1024 * 1024 }, (_request, body, done) =>
      done(null, body),
    );
    for (const url of ['/settings/apps/new', '/organizations/:org/settings/apps/new']) {
      scope.post(url, async (request, reply) => {
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

/** @throws ApiError 422 that says what the manifest lacks */
function readManifest(field: unknown): Manifest {
  try {
    return manifestSchema.parse(JSON.parse(String(field)));
  } catch (error) {
    throw new ApiError(422, `The manifest cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
