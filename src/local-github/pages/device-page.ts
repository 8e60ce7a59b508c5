import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { decideDevice } from '../sign-in/decide-device.ts';
import { html } from './html.ts';
import { page } from './layout.ts';
import { readOwnForm } from './own-form.ts';

const codeForm = z.object({ user_code: z.string(), token: z.string().default('') });
const decisionForm = codeForm.extend({ as: z.string(), decision: z.enum(['authorize', 'cancel']) });

/** Where a person enters the code that a program shows. */
export function devicePage(context: Context, fault?: string): string {
  return page(
    'Device activation',
    html`<main><h1>Device activation</h1>
${fault !== undefined && html`<p class="blank">${fault}</p>`}
<form class="box composer" method="post" action="/login/device">
<input type="hidden" name="token" value="${context.pageKey.formToken}">
<div class="box-head"><label>Enter the code that your program shows <input name="user_code" required autocomplete="off" placeholder="WDJB-MJHT"></label></div>
<div class="actions"><button type="submit">Continue</button></div></form></main>`,
  );
}

/** Which app asks, and who answers. @throws ApiError 403 for what is no form of ours */
export function confirmPage(context: Context, request: FastifyRequest): string {
  const { user_code: userCode } = readOwnForm(context, request, codeForm);
  const code = context.deviceCodes.waiting(userCode);
  if (code === undefined) return devicePage(context, 'This code is unknown, was used or has expired.');
  const app = context.state.apps.need(code.appId);
  const people = context.state.accounts.where(({ type }) => type === 'User');
  return page(
    `Authorize ${app.name}`,
    html`<main><h1>Authorize ${app.name}</h1>
<p>${app.name} wants to act with the permissions that both you and it have. Continue only if <strong>${code.userCode}</strong> is the code that your own program shows.</p>
<form class="box composer" method="post" action="/login/device/authorize">
<input type="hidden" name="token" value="${context.pageKey.formToken}"><input type="hidden" name="user_code" value="${code.userCode}">
<div class="box-head"><label>Sign in as <select name="as">${people.map(
      ({ login }) => html`<option value="${login}">${login}</option>`,
    )}</select></label></div>
<div class="actions"><button type="submit" name="decision" value="cancel">Cancel</button> <button type="submit" name="decision" value="authorize">Authorize</button></div></form></main>`,
  );
}

/** @throws ApiError 403 for what is no form of ours, 422 for a code that waits no more or somebody who is nobody */
export function decidePage(context: Context, request: FastifyRequest): string {
  const fields = readOwnForm(context, request, decisionForm);
  decideDevice(context, fields.user_code, fields.decision === 'cancel' ? null : fields.as);
  const text =
    fields.decision === 'cancel'
      ? 'The program gets no token.'
      : 'Congratulations, you are all set! Go back to your program.';
  return page('Device activation', html`<main><p class="blank">${text}</p></main>`);
}
