import { ApiError } from '../api-error.ts';
import type { Context } from '../context.ts';
import { accountByLogin } from '../state/queries.ts';

/** @param login null: the person cancels @throws ApiError 422 for a code that waits no more or somebody who is nobody */
export function decideDevice({ deviceCodes, state }: Context, userCode: string, login: string | null): void {
  const code = deviceCodes.waiting(userCode);
  if (code === undefined) throw new ApiError(422, 'This code is unknown, was used or has expired.');
  const person = login === null ? null : accountByLogin(state, login);
  if (person === undefined || (person !== null && person.type !== 'User')) {
    throw new ApiError(422, `${login} is no person here.`);
  }
  deviceCodes.decide(code, person);
}
